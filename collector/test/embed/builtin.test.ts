import { createHash } from 'node:crypto'
import { cp, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createBuiltinEmbedder } from '../../src/embed/builtin/builtin-embedder.ts'
import { shippedTable } from '../../src/embed/builtin/table.ts'
import { describeEmbedder, rowOf, similarity } from './contract.ts'

const embedder = createBuiltinEmbedder()

describeEmbedder('the builtin provider', () => Promise.resolve(createBuiltinEmbedder()), { leastSelfSimilarity: 1 })

describe('the builtin provider', () => {
  it('gives bit-identical vectors on repeat', async () => {
    const texts = ['my card was declined twice', 'Wie geht das?', '🙂 thanks', 'naïve café']

    const first = await embedder.embed(texts)
    const second = await createBuiltinEmbedder().embed(texts.toReversed())

    for (const row of texts.keys()) {
      const mirrored = texts.length - 1 - row
      expect(rowOf(first, row)).toEqual(rowOf(second, mirrored))
    }
  })

  it('reads through case, accents and spacing', async () => {
    const vectors = await embedder.embed(['Réservation  at the CAFÉ', 'reservation at the cafe'])

    expect(similarity(vectors, 0, 1)).toBeCloseTo(1, 6)
  })

  it('gives the zero vector for a lone emoji', async () => {
    const { data } = await embedder.embed(['🙂'])

    expect(data.every((value) => value === 0)).toBe(true)
  })

  it('lets other work have its turn while it embeds many texts', async () => {
    let turns = 0
    const timer = setInterval(() => turns++, 1)

    await embedder.embed(Array.from({ length: 20_000 }, (_, number) => `where is the parcel with the number ${number}`))
    clearInterval(timer)

    expect(turns).toBeGreaterThan(5)
  })

  it('stops between texts when the signal aborts', async () => {
    const controller = new AbortController()
    const texts = Array.from({ length: 50_000 }, () => 'some words to embed')

    const embedding = embedder.embed(texts, { signal: controller.signal })
    controller.abort(new Error('enough'))

    await expect(embedding).rejects.toThrow('enough')
  })
})

describe('knownShare', () => {
  it('is high for English', () => {
    expect(embedder.knownShare('how do i change the delivery address of my order?')).toBeGreaterThan(0.8)
    expect(embedder.knownShare('The server returns an error when I upload large files')).toBeGreaterThan(0.8)
  })

  it.each([
    ['German', 'wie kann ich die Lieferadresse meiner Bestellung ändern?'],
    ['Spanish', '¿cómo puedo cambiar la dirección de entrega de mi pedido?'],
    ['French', "comment puis-je changer l'adresse de livraison de ma commande ?"],
    ['Russian', 'как изменить адрес доставки моего заказа?'],
    ['Japanese', '注文の配送先住所を変更するにはどうすればいいですか'],
    ['Arabic', 'كيف يمكنني تغيير عنوان التسليم'],
  ])('is low for %s', (_, text) => {
    expect(embedder.knownShare(text)).toBeLessThan(0.4)
  })

  it('is zero, and a number, where there are no letters', () => {
    expect(['', ' ', '🙂', '?!…', '\ud800'].map((text) => embedder.knownShare(text))).toEqual([0, 0, 0, 0, 0])
  })
})

describe('the shipped table', () => {
  it('is the one its description names', async () => {
    const model = JSON.parse(await readFile(join(shippedTable, 'model.json'), 'utf8')) as {
      sha256: Record<string, string>
      revision: string
    }

    const digests: Record<string, string> = {}
    for (const name of Object.keys(model.sha256)) digests[name] = sha256(await readFile(join(shippedTable, name)))

    expect(digests).toEqual(model.sha256)
    expect(sha256(Object.values(digests).join('')).slice(0, 12)).toBe(model.revision)
    expect(embedder.id).toBe(`builtin:${model.revision}`)
  })

  it('is named in its model card', async () => {
    const card = await readFile(join(shippedTable, 'README.md'), 'utf8')

    expect(card).toContain(embedder.id.slice('builtin:'.length))
  })

  it('is refused with the file and both sizes when a file is cut off', async () => {
    const directory = await copyTable()
    await truncate(join(directory, 'rows.i8'), 1000)

    expect(() => createBuiltinEmbedder({ directory })).toThrow(/rows\.i8 has 1000 bytes, .* ask for 7813632/)
  })

  it('is refused when its description is not one', async () => {
    const directory = await copyTable()
    await writeFile(join(directory, 'model.json'), '{"revision":1}')

    expect(() => createBuiltinEmbedder({ directory })).toThrow(expect.objectContaining({ code: 'EMBED_MODEL_INVALID', retryable: false }))
  })

  it('is reported as missing where there is none', () => {
    const create = (): unknown => createBuiltinEmbedder({ directory: join(tmpdir(), 'no-such-table') })

    expect(create).toThrow(expect.objectContaining({ code: 'EMBED_MODEL_MISSING', retryable: false }))
  })
})

async function copyTable(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'turret-table-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  await cp(shippedTable, directory, { recursive: true })
  return directory
}

function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}
