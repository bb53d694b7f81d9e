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

// What the page's language writes: the mark between thousands, an amount, and sentences.
const WORDS = JSON.parse(document.getElementById("plan-texts").textContent);
const THOUSAND = WORDS.thousand.slice(1, -3);

// As Python rounds: a half to the even neighbour.
function rounded(number) {
  const below = Math.floor(number);
  const nearest = number - below === 0.5 ? below + (below % 2 === 0 ? 0 : 1) : Math.round(number);
  return nearest === 0 ? 0 : nearest;
}

function shown(number) {
  const written = rounded(number).toLocaleString("en-US").replaceAll(",", THOUSAND);
  return written.replace("-", "\u2212");
}

// Whole units that add up to their rounded sum: the largest fractions are rounded up.
function addUp(cents) {
  const below = cents.map((one) => Math.floor(one / 100));
  const missing = rounded(sum(cents, (one) => one) / 100) - sum(below, (one) => one);
  const places = below.map((_, place) => place);
  places.sort((one, other) => below[one] - cents[one] / 100 - (below[other] - cents[other] / 100));
  const raised = new Set(places.slice(0, missing));
  return below.map((one, place) => 100 * (one + (raised.has(place) ? 1 : 0)));
}

function money(cents) {
  const written = shown(cents / 100);
  const [sign, amount] = written[0] === "\u2212" ? ["\u2212", written.slice(1)] : ["", written];
  return sign + WORDS.amount.replace("0", () => amount);
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
    show("cost", plan.cost, money(plan.cost));
    show("profit", plan.profit, money(plan.profit));
    show("cutoff", plan.best, shown(plan.best));
    show("most", plan.most, money(plan.most));
    const planned = rows.map((row) => plan.byChannel[row.dataset.channel]);
    const spent = addUp(planned.map((one) => one.cost));
    const profits = addUp(planned.map((one) => one.profit));
    for (const cell of form.querySelectorAll(".assumed")) {
      cell.hidden = settings.shares === null;
    }
    for (const [place, row] of rows.entries()) {
      const found = planned[place];
      row.querySelector(".plan-share").disabled = settings.shares === null;
      row.querySelector(".plan-contacts").textContent = shown(found.contacts);
      row.querySelector(".plan-spent").textContent = money(spent[place]);
      row.querySelector(".plan-profit").textContent = money(profits[place]);
    }
    drawCurve(at("curve"), plan);
    const told = {
      "<profit>": money(plan.profit),
      "<contacts>": shown(plan.contacts),
      "<most>": money(plan.most),
      "<best>": shown(plan.best),
    };
    const words = WORDS.told.replace(/<[a-z]+>/g, (place) => told[place]);
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
  const [left, right, top, bottom] = [110, 640, 34, 236];
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
    levels.map((one) => text(money(one), left - 8, Number(y(one)) + 4, "end")).join("") +
    [0, end / 2, end].map((one) => text(shown(one), x(one), bottom + 22, "middle")).join("") +
    text(WORDS.across, (left + right) / 2, bottom + 54, "middle") +
    text(WORDS.up, 4, 18, "start") +
    `<line class="best" x1="${x(plan.best)}" x2="${x(plan.best)}" y1="${top}" y2="${bottom}"/>` +
    `<polyline class="curve" points="${line}"/>` +
    `<circle class="plan" cx="${x(plan.contacts)}" cy="${y(plan.profit)}" r="6"/>`;
}

startPlanner();
