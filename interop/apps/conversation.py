"""What every Python application here does: two turns of one user, of which the second needs a tool."""

import json

QUESTIONS = ["Where is my parcel?", "When will it arrive?"]
TOOLS = [
    {
        "type": "function",
        "function": {"name": "find_parcel", "description": "Tells where a parcel is", "parameters": {"type": "object", "properties": {}}},
    }
]


def converse(client, in_turn=lambda work: work()):
    """`in_turn` wraps the work of one turn."""
    history = [{"role": "system", "content": "You are a support bot."}]
    for question in QUESTIONS:
        history.append({"role": "user", "content": question})
        in_turn(lambda: answer(client, history))


def answer(client, history):
    """Calls the model until it needs no more tools."""
    while True:
        message = client.chat.completions.create(model="gpt-4o-mini", messages=history, tools=TOOLS).choices[0].message
        history.append(json.loads(message.model_dump_json(exclude_none=True)))
        if not message.tool_calls:
            return
        for call in message.tool_calls:
            history.append({"role": "tool", "tool_call_id": call.id, "content": "It will arrive tomorrow."})
