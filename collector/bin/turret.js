#!/usr/bin/env -S node --max-semi-space-size=4
// A small young generation: request bodies are freed when it is collected, and nearly everything in it is garbage by then (25 MB less, no slower).
import '../dist/main.js'
