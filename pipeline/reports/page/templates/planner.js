"use strict";
// The formulas of pipeline/offers/campaign_plan.py; a test in a browser compares the two.

function planCampaign(groups, settings) {
  const ranked = groups.map((group) => choose(group, settings));
  ranked.sort((one, other) => other.profit - one.profit);
  const paying = ranked.filter((one) => one.profit > 0);
  const taken = take(settings.contacts === null ? paying : ranked, settings);
  const byChannel = {};
  for (const name of Object.keys(settings.costs)) {
    const mine = taken.filter((one) => one.channel === name);
    const contacts = sum(mine, (one) => one.many);
    byChannel[name] = {
      contacts: contacts,
      cost: contacts * settings.costs[name],
      profit: sum(mine, (one) => one.many * one.profit),
    };
  }
  const curve = [[0, 0]];
  for (const one of ranked) {
    const [contacts, profit] = curve[curve.length - 1];
    curve.push([contacts + one.customers, profit + one.customers * one.profit]);
  }
  return {
    contacts: sum(taken, (one) => one.many),
    sales: sum(taken, (one) => (one.many / one.customers) * one.sales),
    caused: sum(taken, (one) => (one.many / one.customers) * one.caused),
    cost: sum(taken, (one) => one.many * settings.costs[one.channel]),
    profit: sum(taken, (one) => one.many * one.profit),
    best: sum(paying, (one) => one.customers),
    most: sum(paying, (one) => one.customers * one.profit),
    byChannel: byChannel,
    curve: curve,
  };
}

function choose([customers, sales, value, channels], settings) {
  let best = null;
  for (const name of Object.keys(channels).sort()) {
    const [estimated, worth] = channels[name];
    const share = settings.shares === null ? null : settings.shares[name];
    const caused = share === null ? settings.scale * estimated : share * sales;
    const gained = share === null ? settings.scale * worth : share * value;
    const profit = gained / customers - settings.costs[name];
    if (best === null || profit > best.profit) {
      best = { customers: customers, sales: sales, channel: name, caused: caused, profit: profit };
    }
  }
  return best;
}

function take(ranked, settings) {
  let room = settings.contacts === null ? sum(ranked, (one) => one.customers) : settings.contacts;
  let budget = settings.budget === null ? Infinity : settings.budget;
  return ranked.map((one) => {
    const cost = settings.costs[one.channel];
    const affordable = cost > 0 && budget < Infinity ? Math.floor(budget / cost) : room;
    const many = Math.max(Math.min(one.customers, room, affordable), 0);
    room -= many;
    budget -= many * cost;
    return { ...one, many: many };
  });
}

function sum(rows, of) {
  return rows.reduce((total, one) => total + of(one), 0);
}

// As Python rounds: a half to the even neighbour.
function shown(number) {
  const below = Math.floor(number);
  const rounded = number - below === 0.5 ? below + (below % 2 === 0 ? 0 : 1) : Math.round(number);
  return (rounded === 0 ? 0 : rounded).toLocaleString("en-US").replace("-", "\u2212");
}

function startPlanner() {
  const groups = JSON.parse(document.getElementById("plan-groups").textContent);
  const form = document.getElementById("plan-form");
  const at = (name) => document.getElementById("plan-" + name);
  const rows = [...form.querySelectorAll("tr[data-channel]")];

  // What an input holds; what it opened with where it holds nothing that counts.
  function numberOf(input) {
    const given = input.valueAsNumber;
    return Number.isFinite(given) && input.validity.valid ? given : Number(input.defaultValue);
  }
  function limitOf(input) {
    const given = input.valueAsNumber;
    return Number.isFinite(given) ? Math.max(given, 0) : null;
  }
  function byChannel(kind, of) {
    return Object.fromEntries(
      rows.map((row) => [row.dataset.channel, of(numberOf(row.querySelector(".plan-" + kind)))]),
    );
  }
  function readSettings() {
    const contacts = limitOf(at("contacts"));
    const budget = limitOf(at("budget"));
    const isAssumed = at("effect").value === "";
    return {
      contacts: contacts === null ? null : Math.floor(contacts),
      budget: budget === null ? null : budget * 100,
      costs: byChannel("cost", (units) => units * 100),
      shares: isAssumed ? byChannel("share", (percent) => percent / 100) : null,
      scale: isAssumed ? 1 : Number(at("effect").value),
    };
  }
  function show(name, value, text) {
    at(name).textContent = text;
    at(name).dataset.value = value;
  }
  function draw() {
    const settings = readSettings();
    const plan = planCampaign(groups, settings);
    show("made", plan.contacts, shown(plan.contacts));
    show("sales", plan.sales, shown(plan.sales));
    show("caused", plan.caused, shown(plan.caused));
    show("cost", plan.cost, shown(plan.cost / 100));
    show("profit", plan.profit, shown(plan.profit / 100));
    show("cutoff", plan.best, shown(plan.best));
    show("most", plan.most, shown(plan.most / 100));
    for (const row of rows) {
      const found = plan.byChannel[row.dataset.channel];
      row.querySelector(".plan-share").disabled = settings.shares === null;
      row.querySelector(".plan-contacts").textContent = shown(found.contacts);
      row.querySelector(".plan-spent").textContent = shown(found.cost / 100);
      row.querySelector(".plan-profit").textContent = shown(found.profit / 100);
    }
    drawCurve(at("curve"), plan);
    const words =
      `Profit added over contacts, the best first: ${shown(plan.profit / 100)} with ` +
      `${shown(plan.contacts)} contacts; at most ${shown(plan.most / 100)}, with ${shown(plan.best)}.`;
    at("words").textContent = words;
    at("curve").setAttribute("aria-label", words);
  }
  form.addEventListener("input", draw);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(draw));
  at("best").addEventListener("click", () => {
    at("contacts").value = "";
    draw();
  });
  draw();
}

function drawCurve(svg, plan) {
  const [left, right, top, bottom] = [76, 640, 22, 236];
  const profits = plan.curve.map((point) => point[1]).concat(plan.profit);
  const [low, high] = [Math.min(0, ...profits), Math.max(0, ...profits)];
  const end = plan.curve[plan.curve.length - 1][0];
  const x = (contacts) => (left + ((right - left) * contacts) / Math.max(end, 1)).toFixed(1);
  const y = (profit) => (bottom - ((bottom - top) * (profit - low)) / (high - low || 1)).toFixed(1);
  const line = plan.curve.map(([contacts, profit]) => `${x(contacts)},${y(profit)}`).join(" ");
  const levels = [...new Set([low, 0, high])];
  const text = (words, across, down, anchor) =>
    `<text x="${across}" y="${down}" text-anchor="${anchor}">${words}</text>`;
  svg.innerHTML =
    levels.map((one) => `<line class="grid" x1="${left}" x2="${right}" y1="${y(one)}" y2="${y(one)}"/>`).join("") +
    levels.map((one) => text(shown(one / 100), left - 8, Number(y(one)) + 4, "end")).join("") +
    [0, end / 2, end].map((one) => text(shown(one), x(one), bottom + 22, "middle")).join("") +
    text("Contacts, the best first", (left + right) / 2, bottom + 40, "middle") +
    text("Profit added, net", left, 12, "start") +
    `<line class="best" x1="${x(plan.best)}" x2="${x(plan.best)}" y1="${top}" y2="${bottom}"/>` +
    `<polyline class="curve" points="${line}"/>` +
    `<circle class="plan" cx="${x(plan.contacts)}" cy="${y(plan.profit)}" r="6"/>`;
}

startPlanner();
