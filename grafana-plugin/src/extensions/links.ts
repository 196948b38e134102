export const links = []
