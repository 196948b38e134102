/** The whole app in a browser. One file, so that its parts share one host, one browser and one collector; edits come late. */
import './pages.ts'
import './browse.ts'
import './map.ts'
import './dashboards.ts'
import './edits.ts'
import './first-minutes.ts'
import './weather.ts'
import './speed.ts'
