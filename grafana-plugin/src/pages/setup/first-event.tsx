export function FirstEvent() { return <div>first</div> }
export function TooFewEvents(_: { events: number; until: number }) { return <div>few</div> }
