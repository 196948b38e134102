/** A topic's name in the table: link, marks, examples, and the edits that people make in place. */
import { useEffect, useRef, useState, type KeyboardEvent } from 'react'
import { css } from '@emotion/css'
import type { GrafanaTheme2 } from '@grafana/data'
import { Badge, Dropdown, IconButton, Input, Menu, useStyles2 } from '@grafana/ui'
import type { Topic } from '../../api/types.ts'
import { TopicChip } from '../../components/topic-chip.tsx'
import { t } from '../../i18n.ts'
import { useEdits } from '../../state/edits.tsx'
import { TopicMark, type EmergingKind } from './topic-mark.tsx'

interface TopicNameProps {
  readonly topic: Topic
  readonly mark: EmergingKind | undefined
}

export function TopicName({ topic, mark }: TopicNameProps) {
  const styles = useStyles2(getStyles)
  const [renaming, setRenaming] = useState(false)
  const { id, label, pinned, hidden, examples } = topic

  if (renaming) {
    return <RenameInput topic={topic} onClose={() => setRenaming(false)} />
  }
  return (
    <div className={styles.cell}>
      <div className={styles.name}>
        <TopicChip id={id} />
        {mark && <TopicMark kind={mark} />}
        {pinned && <Badge color="blue" icon="star" text={t('topic.pinned', 'Pinned')} />}
        {hidden && <Badge color="darkgrey" icon="eye-slash" text={t('topic.hidden', 'Hidden')} />}
        <Dropdown overlay={<TopicMenu topic={topic} onRename={() => setRenaming(true)} />} placement="bottom-start">
          <IconButton name="ellipsis-v" className={styles.more} aria-label={t('topic.edit', 'Edit topic {{label}}', { label })} />
        </Dropdown>
      </div>
      {examples[0] !== undefined && (
        <div className={styles.example} dir="auto" title={examples[0]}>
          {examples[0]}
        </div>
      )}
    </div>
  )
}

interface TopicMenuProps {
  readonly topic: Topic
  readonly onRename: () => void
}

/** Made when it is opened: a page of topics has fifty of these. */
function TopicMenu({ topic: { id, label, pinned, hidden }, onRename }: TopicMenuProps) {
  const { patch } = useEdits()
  return (
    <Menu>
      <Menu.Item icon="pen" label={t('topic.rename', 'Rename')} onClick={onRename} />
      <Menu.Item
        icon="star"
        label={pinned ? t('topic.unpin', 'Unpin') : t('topic.pin', 'Pin: keep as it is')}
        onClick={() => void patch(id, { pinned: !pinned }, t('topic.pinned-told', 'Changed “{{label}}”', { label }))}
      />
      <Menu.Item
        icon={hidden ? 'eye' : 'eye-slash'}
        label={hidden ? t('topic.show', 'Show again') : t('topic.hide', 'Hide')}
        onClick={() =>
          void patch(
            id,
            { hidden: !hidden },
            hidden
              ? t('topic.shown-told', '“{{label}}” is shown again', { label })
              : t('topic.hidden-told', '“{{label}}” is hidden', { label }),
          )
        }
      />
    </Menu>
  )
}

/** Enter saves, Escape leaves the name as it was. */
export function RenameInput({
  topic: { id, label },
  onClose,
}: {
  readonly topic: Pick<Topic, 'id' | 'label'>
  readonly onClose: () => void
}) {
  const { patch } = useEdits()
  const [name, setName] = useState(label)
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => input.current?.select(), [])
  const save = () => {
    onClose()
    if (name.trim() !== '' && name.trim() !== label) {
      void patch(id, { label: name.trim() }, t('topic.renamed-told', '“{{label}}” is now called “{{name}}”', { label, name: name.trim() }))
    }
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') {
      save()
    } else if (event.key === 'Escape') {
      onClose()
    }
  }
  return (
    <Input
      ref={input}
      aria-label={t('topic.new-name', 'New name of {{label}}', { label })}
      value={name}
      maxLength={80}
      width={40}
      onChange={(event) => setName(event.currentTarget.value)}
      onKeyDown={onKeyDown}
      onBlur={onClose}
    />
  )
}

const getStyles = (theme: GrafanaTheme2) => ({
  cell: css({ minWidth: 180, maxWidth: 460 }),
  // Long names and examples are cut instead of making the column wide.
  name: css({ display: 'flex', alignItems: 'center', gap: theme.spacing(1), width: 0, minWidth: '100%' }),
  more: css({ opacity: 0.35, 'tr:hover &, &:focus': { opacity: 1 } }),
  example: css({
    ...theme.typography.bodySmall,
    width: 0,
    minWidth: 'calc(100% - 18px)',
    marginLeft: 18,
    color: theme.colors.text.secondary,
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
  }),
})
