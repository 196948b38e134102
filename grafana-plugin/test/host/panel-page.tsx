export function JourneyPanelPage() {
  return null
}
