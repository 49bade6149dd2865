import '@fontsource/be-vietnam-pro/400.css'
import '@fontsource/be-vietnam-pro/600.css'
import './shared/base.css'
import './courier/courier.css'
import { mount } from 'svelte'
import Courier from './courier/Courier.svelte'

const target = document.getElementById('page')
if (!target) throw new Error('the page has no element with id "page"')

export default mount(Courier, { target })
