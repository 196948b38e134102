/** What every application here does: two turns of one user, of which the second needs a tool. */
const questions = ['Where is my parcel?', 'When will it arrive?']
const tools = [
  {
    type: 'function',
    function: { name: 'find_parcel', description: 'Tells where a parcel is', parameters: { type: 'object', properties: {} } },
  },
]

/**
 * @param client an OpenAI client
 * @param inTurn wraps the work of one turn
 */
async function converse(client, inTurn = (work) => work()) {
  const history = [{ role: 'system', content: 'You are a support bot.' }]
  for (const question of questions) {
    history.push({ role: 'user', content: question })
    await inTurn(() => answer(client, history))
  }
}

/** Calls the model until it needs no more tools. */
async function answer(client, history) {
  for (;;) {
    const completion = await client.chat.completions.create({ model: 'gpt-4o-mini', messages: history, tools })
    const { message } = completion.choices[0]
    history.push(message)
    if (!message.tool_calls?.length) return
    for (const call of message.tool_calls) history.push({ role: 'tool', tool_call_id: call.id, content: 'It will arrive tomorrow.' })
  }
}

module.exports = { converse, questions }
