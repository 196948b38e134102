/** People's edits of topics: made at once, told in a notice, and undone from it. */
import { createContext, useCallback, useContext, useMemo, useState, type ReactNode } from 'react'
import { call } from '../api/client.ts'
import { toProblem, type Problem } from '../api/problem.ts'
import type { Body } from '../api/types.ts'
import { t } from '../i18n.ts'
import { useDirectory } from './directory.tsx'
import { useRefresh } from './refresh.tsx'

interface Notice {
  readonly text: string
  /** Set while the edit can be taken back. */
  readonly editId?: string
  readonly problem?: Problem
}

export interface Edits {
  readonly notice: Notice | undefined
  readonly patch: (id: string, patch: Body<'patchTopic'>, told: string) => Promise<void>
  readonly merge: (into: string, others: readonly string[], told: string) => Promise<void>
  readonly undo: (editId: string) => Promise<void>
  readonly dismiss: () => void
}

const nothing = () => Promise.resolve()
const EditsContext = createContext<Edits>({ notice: undefined, patch: nothing, merge: nothing, undo: nothing, dismiss: () => undefined })

export function EditsProvider({ children }: { readonly children: ReactNode }) {
  const [notice, setNotice] = useState<Notice>()
  const { refresh } = useRefresh()
  const { reload } = useDirectory()

  const run = useCallback(
    async (edit: () => Promise<Notice>) => {
      try {
        setNotice(await edit())
        reload()
        refresh()
      } catch (error) {
        setNotice({ text: t('edit.failed', 'The edit was not saved'), problem: toProblem(error) })
      }
    },
    [refresh, reload],
  )
  const edits = useMemo<Edits>(
    () => ({
      notice,
      patch: (id, body, text) => run(async () => ({ text, editId: (await call('patchTopic', { id, body })).edit_id })),
      merge: (id, others, text) =>
        run(async () => ({ text, editId: (await call('mergeTopics', { id, body: { topic_ids: [...others] } })).edit_id })),
      undo: (id) =>
        run(async () => {
          await call('undoEdit', { id })
          return { text: t('edit.undone', 'Taken back') }
        }),
      dismiss: () => setNotice(undefined),
    }),
    [notice, run],
  )
  return <EditsContext.Provider value={edits}>{children}</EditsContext.Provider>
}

export function useEdits(): Edits {
  return useContext(EditsContext)
}
