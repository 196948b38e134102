/** A stand-in for onnxruntime-node: its "model" gives a token the same pseudo-random vector wherever it stands. */
import type { OnnxRuntime, Session, Tensor } from '../../src/embed/onnx/onnx-runtime.ts'

export const fakeWidth = 64
/** Ids of the special tokens. */
const padToken = 0
export const firstToken = 1
const lastToken = 2
const unknownToken = 3

class FakeTensor implements Tensor {
  readonly data: BigInt64Array | Float32Array
  readonly dims: readonly number[]

  constructor(_type: string, data: BigInt64Array | Float32Array, dims: readonly number[]) {
    this.data = data
    this.dims = dims
  }
}

/** @returns the runtime and the shapes [texts, width] of the batches it has run */
export function createFakeRuntime(options: { value?: number; inputNames?: string[] } = {}): { runtime: OnnxRuntime; batches: number[][] } {
  const batches: number[][] = []
  const session: Session = {
    inputNames: options.inputNames ?? ['input_ids', 'attention_mask', 'token_type_ids'],
    outputNames: ['last_hidden_state'],
    run(feeds) {
      const { data, dims } = feeds['input_ids'] as FakeTensor
      batches.push([...dims])
      const states = new Float32Array(data.length * fakeWidth)
      for (const [position, token] of data.entries()) {
        for (let i = 0; i < fakeWidth; i++) states[position * fakeWidth + i] = options.value ?? pseudoRandom(Number(token), i)
      }
      return Promise.resolve({ last_hidden_state: new FakeTensor('float32', states, [...dims, fakeWidth]) })
    },
    release: () => Promise.resolve(),
  }
  return { runtime: { Tensor: FakeTensor, InferenceSession: { create: () => Promise.resolve(session) } }, batches }
}

/** A tokenizer.json of whole words: [CLS] words [SEP]. */
export function createTokenizerJson(texts: readonly string[]): string {
  const words = [...new Set(texts.join(' ').split(' '))]
  const vocabulary = ['[PAD]', '[CLS]', '[SEP]', '[UNK]', ...words]
  const special = (content: string, id: number): object => ({
    id,
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  })
  return JSON.stringify({
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [special('[PAD]', padToken), special('[CLS]', firstToken), special('[SEP]', lastToken), special('[UNK]', unknownToken)],
    normalizer: null,
    pre_tokenizer: { type: 'Whitespace' },
    post_processor: {
      type: 'TemplateProcessing',
      single: [
        { SpecialToken: { id: '[CLS]', type_id: 0 } },
        { Sequence: { id: 'A', type_id: 0 } },
        { SpecialToken: { id: '[SEP]', type_id: 0 } },
      ],
      pair: [],
      special_tokens: {
        '[CLS]': { id: '[CLS]', ids: [firstToken], tokens: ['[CLS]'] },
        '[SEP]': { id: '[SEP]', ids: [lastToken], tokens: ['[SEP]'] },
      },
    },
    decoder: null,
    model: {
      type: 'WordPiece',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(vocabulary.map((word, id) => [word, id])),
      unk_token: '[UNK]',
    },
  })
}

/** −1…1, the same for the same pair; special tokens weigh little. */
export function pseudoRandom(token: number, i: number): number {
  const noise = Math.sin(token * 127.1 + i * 311.7) * 43_758.5453
  return (2 * (noise - Math.floor(noise)) - 1) * (token <= unknownToken ? 0.01 : 1)
}
