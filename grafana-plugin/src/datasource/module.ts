export const plugin = {}
