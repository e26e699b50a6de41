// The box: what it covers, the conversation, the question box. The conversation is kept nowhere but in this page.

const LEANT_ON = 10; // earlier questions that are sent along
const LONGEST = 4000; // characters of a question

function makeBox(close) {
  const asked = []; // the questions that got an answer
  let running = null, awake = false;

  const status = make("p.unseen", { role: "status" });
  const covers = make("p.covers");
  const starters = make("ul.starters", { "aria-label": words.starters });
  const intro = make("div.intro", 0, make("p", 0, words.about), starters, covers);
  const log = make("div.log", { role: "region", "aria-label": words.answers, tabindex: 0 }, intro);
  const field = make("textarea", { rows: 1, maxlength: LONGEST, "aria-label": words.placeholder, enterkeyhint: "send",
    keydown: onKey, input: refresh });
  const send = button(".send", () => running ? running.abort(new Trouble("stopped")) : put(field.value));
  const restart = button(".tool", startOver, words.restart, icon("restart"));
  const box = make("section.box." + mode, { lang, "aria-label": title, focusin: wake },
    make("header", 0, make("span.mark", 0, icon("quote")), make("h2", 0, title), restart,
      close && button(".tool", close, words.close, icon("close"))),
    log, status, make("div.ask", 0, field, send), make("p.foot", 0, words.foot));
  refresh();
  offer(questions);
  if (mode === "page") wake();
  return { box, focus };

  function offer(questions) {
    starters.append(...questions.map(question => make("li", 0, button("", () => put(question), null, question))));
  }

  // On a touch screen the question box would bring up a keyboard over what there is to read.
  function focus() {
    (matchMedia("(pointer:coarse)").matches ? log : field).focus({ preventScroll: true });
  }

  // The first that goes to the server, and only once someone is here. Says at once when this site may not ask.
  async function wake() {
    if (awake) return;
    awake = true;
    try {
      const { documents, records, oldest, newest } = await (await call("coverage")).json();
      covers.textContent = fill(words.covers, { n: documents.toLocaleString(lang), r: records, first: day(oldest), last: day(newest) });
      if (mode !== "page" || questions[0]) return;
      const { examples } = await (await call(`examples?lang=${lang}`)).json();
      offer(examples.slice(0, 3).map(theme => theme.questions[0]));
    } catch (error) {
      if (!covers.textContent) covers.replaceWith(notice(await troubleOf(error)));
    }
  }

  async function put(question) {
    question = question.trim();
    if (!question || running) return;
    const stop = running = new AbortController();
    const stage = make("p.stage", 0, make("span.dot"), make("span"));
    const reply = make("div.reply", { "aria-busy": "true" }, stage);
    const turn = make("div.turn", 0, make("h3.asked", 0, make("span.unseen", 0, words.asked), question), reply);
    const tell = text => { stage.lastChild.textContent = status.textContent = text; };
    intro.remove();
    log.append(turn);
    log.scrollTop = turn.offsetTop - 16;
    field.value = "";
    focus();
    refresh();
    tell(words.begin);
    const quotes = [];
    try {
      for await (const [name, data] of ask({ question, turns: asked.slice(-LEANT_ON) }, stop)) {
        if (name === "stage") tell(fill(words.stages[data.name] || data.note, { n: /[\d,]*\d/.exec(data.note) }));
        if (name === "quote" && quotes.push(data)) reply.replaceChildren(...showAnswer({ quotes }), stage);
        if (name === "answer") {
          asked.push(question);
          reply.replaceChildren(...showAnswer(data));
          if (data.outcome === "not_found" && !data.related[0]) reply.append(starters);
          const n = quotes.length;
          status.textContent = n > 1 ? fill(words.many, { n }) : n ? words.one : words.not_found;
        }
      }
    } catch (error) {
      stage.remove();
      if (error) reply.append(notice(await troubleOf(error), () => { turn.remove(); put(question); }));
    }
    reply.removeAttribute("aria-busy");
    if (running === stop) running = null;
    refresh();
  }

  function notice({ kind, detail, wait }, again) {
    const [name, text] = words.trouble[kind], values = { n: wait, origin: self.origin, server };
    const told = make("p", 0, kind === "question" ? detail : fill(text, values));
    const retry = again && button(".again", again, null, words.again);
    const shown = make("div.notice", 0, make("h4", 0, name), told, retry,
      /origin|policy/.test(kind) && link("", `${server}/embed`, "", words.page, icon("away")));
    status.textContent = `${name}. ${told.textContent}`;
    if (kind === "wait" && again) countDown(wait);
    return shown;

    function countDown(left) {
      retry.disabled = left > 0;
      told.textContent = left > 0 ? fill(text, { n: left }) : words.ready;
      if (left > 0) setTimeout(countDown, 1000, left - 1);
    }
  }

  function refresh() {
    const name = running ? words.stop : words.send;
    send.replaceChildren(icon(running ? "stop" : "send"));
    send.title = name;
    send.setAttribute("aria-label", name);
    send.disabled = !running && !field.value.trim();
    restart.hidden = !log.querySelector(".turn");
    field.placeholder = asked.length ? words.more : words.placeholder;
  }

  function startOver() {
    if (running) running.abort(null);
    running = null;
    asked.length = 0;
    covers.before(starters);
    log.replaceChildren(intro);
    focus();
    refresh();
  }

  function onKey(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    put(field.value);
  }
}
