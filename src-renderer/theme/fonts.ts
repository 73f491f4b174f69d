// The plain Latin faces last: without unicode ranges the last face is looked up first, the extended one only when a
// character is missing in it.
import '@fontsource/titillium-web/latin-ext-400.css'
import '@fontsource/titillium-web/latin-400.css'
import '@fontsource/titillium-web/latin-ext-600.css'
import '@fontsource/titillium-web/latin-600.css'
import '@fontsource/roboto-mono/latin-ext-400.css'
import '@fontsource/roboto-mono/latin-400.css'
