/** The AMD loader's own `module` object: https://github.com/requirejs/requirejs/wiki/Differences-between-the-simplified-CommonJS-wrapper-and-standard-AMD-define */
declare module 'amd-module' {
  const amdModule: { uri?: string } | undefined
  export default amdModule
}
