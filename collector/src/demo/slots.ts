/** Words that fill the `{slots}` of the demo's templates. */

export const slots: Readonly<Record<string, readonly string[]>> = {
  board: ['the roadmap board', 'our sprint board', 'the marketing board', 'my project board', 'the hiring board', 'the design board'],
  browser: ['Chrome', 'Firefox', 'Safari', 'Edge', 'the desktop app'],
  phone: ['iPhone', 'Pixel', 'Galaxy', 'iPad', 'tablet', 'android phone'],
  format: ['CSV', 'Excel', 'PDF', 'JSON', 'a spreadsheet'],
  period: ['last month', 'this quarter', 'last year', 'March', 'September', 'the past six months'],
  since: ['since this morning', 'since yesterday', 'after the last update', 'for two days now', 'since last week', 'all of a sudden'],
  who: ['my colleague', 'our designer', 'a new hire', 'a contractor', 'my manager', 'a client', 'our intern', 'someone from finance'],
  role: ['admin', 'editor', 'viewer', 'guest', 'owner'],
  tool: ['Slack', 'Jira', 'GitHub', 'Outlook', 'Google Calendar', 'Zapier', 'Notion', 'Trello'],
  idp: ['Okta', 'Azure AD', 'Google Workspace', 'OneLogin'],
  status: ['401', '403', '404', '422', '500', '502'],
  language: ['python', 'node', 'curl', 'go', 'java', 'php'],
  count: ['three', 'five', 'ten', 'a dozen', 'twenty', 'fifty'],
  thing: ['cards', 'boards', 'comments', 'tasks', 'attachments', 'the whole workspace'],
  tried: [
    'I already restarted it',
    'I tried another browser',
    'clearing the cache did not help',
    'I followed the help page',
    'logging out and in changed nothing',
    'my colleague sees the same',
  ],
}
