/** The words of logging in, on every page that people log in to. */

import { language } from '../i18n/language.svelte'

const vi = {
  logIn: 'Đăng nhập',
  login: 'Tên đăng nhập',
  password: 'Mật khẩu',
  newTitle: 'Đổi mật khẩu lần đầu',
  newWhy: 'Mật khẩu này do người khác cấp. Hãy đặt mật khẩu của riêng bạn trước khi làm việc.',
  old: 'Mật khẩu được cấp',
  chosen: 'Mật khẩu mới',
  again: 'Nhập lại mật khẩu mới',
  notSame: 'Hai lần nhập mật khẩu mới không giống nhau.',
  change: 'Đổi mật khẩu',
}

const en: typeof vi = {
  logIn: 'Log in',
  login: 'Login name',
  password: 'Password',
  newTitle: 'Change your first password',
  newWhy: 'Somebody else gave you this password. Choose your own before you work.',
  old: 'The password you were given',
  chosen: 'New password',
  again: 'New password once more',
  notSame: 'The two new passwords differ.',
  change: 'Change the password',
}

const WORDS = { vi, en }

export const words = (): typeof vi => WORDS[language.code]
