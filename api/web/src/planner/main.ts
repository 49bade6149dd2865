import '@fontsource/be-vietnam-pro/400.css'
import '@fontsource/be-vietnam-pro/600.css'
import '../shared/base.css'
import { mount } from 'svelte'
import Planner from './Planner.svelte'

const target = document.getElementById('page')
if (!target) throw new Error('the page has no element with id "page"')

export default mount(Planner, { target })
