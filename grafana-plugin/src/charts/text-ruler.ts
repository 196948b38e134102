/** Measures texts as a canvas would write them. */

/** @param font as in CSS @returns a text's width, px; each text is measured once */
export function createRuler(font: string): (text: string) => number {
  const context = document.createElement('canvas').getContext('2d')
  const known = new Map<string, number>()
  return (text) => {
    const width = known.get(text) ?? measure(context, font, text)
    known.set(text, width)
    return width
  }
}

function measure(context: CanvasRenderingContext2D | null, font: string, text: string): number {
  if (context === null) {
    return text.length * 7
  }
  context.font = font
  return context.measureText(text).width
}
