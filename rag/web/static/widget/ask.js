// Questions to the server, and what goes wrong on the way, by a name that the labels have words for.

const SILENCE = 40000; // ms without a sign of life; the server gives an answer 30 s

class Trouble extends Error {
  constructor(kind, more) {
    super(kind);
    Object.assign(this, { kind, ...more });
  }
}

// The events of an answer as [name, data], as they come. `stop` is an AbortController.
async function* ask(body, stop) {
  let timer;
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(() => stop.abort(new Trouble("late")), SILENCE);
  };
  const headers = { "Content-Type": "application/json", Accept: "text/event-stream" };
  try {
    wait();
    const reply = await call("ask", { method: "POST", headers, body: JSON.stringify(body), signal: stop.signal });
    const reader = reply.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let held = ""; ;) {
      const { value, done } = await reader.read();
      if (done) throw new Trouble("unreachable");
      wait();
      const events = (held + value).split("\n\n");
      held = events.pop();
      for (const event of events) {
        const [, name, data] = /^event: (\w+)\ndata: ([^]*)/.exec(event) || [];
        if (name === "error") throw problem(JSON.parse(data));
        if (name) yield [name, JSON.parse(data)];
        if (name !== "answer") continue;
        reader.read().catch(() => 0); // its end is taken in, and not waited for
        return stop = 0;
      }
    }
  } catch (error) {
    throw stop.signal.aborted ? stop.signal.reason : await troubleOf(error);
  } finally {
    clearTimeout(timer);
    if (stop) stop.abort();
  }
}

async function call(path, options) {
  const reply = await fetch(`${server}/api/v1/${path}`, { referrerPolicy: "no-referrer", ...options });
  if (reply.ok) return reply;
  const told = await reply.json().catch(() => 0); // a proxy on the way may answer without JSON
  throw problem({ ...told, status: reply.status }, reply.headers.get("Retry-After"));
}

function problem({ status, detail }, wait) {
  const kinds = { 403: "origin", 413: "question", 421: "question", 422: "question", 429: "wait", 503: "busy" };
  return new Trouble(kinds[status] || "fault", { detail, wait: +wait || 60 });
}

async function troubleOf(error) {
  if (error instanceof Trouble) return error;
  if (error instanceof TypeError) return lost(); // how fetch says that a request came to nothing
  console.error(error);
  return new Trouble("fault");
}

// Why it came to nothing. A browser does not say whether it was the network, the server's list or the page's own policy.
async function lost() {
  if (!navigator.onLine) return new Trouble("offline");
  const { origin } = new URL(server);
  if (origin === self.origin) return new Trouble("unreachable");
  let kind = "unreachable";
  const note = event => { if (event.blockedURI.startsWith(origin)) kind = "policy"; };
  document.addEventListener("securitypolicyviolation", note);
  try {
    await fetch(`${server}/healthz`, { referrerPolicy: "no-referrer", mode: "no-cors" });
    kind = "origin";
  } catch {
    await new Promise(done => setTimeout(done, 100)); // the policy is told of a little later
  }
  document.removeEventListener("securitypolicyviolation", note);
  return new Trouble(kind);
}
