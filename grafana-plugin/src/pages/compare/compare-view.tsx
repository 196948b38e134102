export function CompareButton() { return null }
export function CompareView(_: { parts: string[] }) { return null }
