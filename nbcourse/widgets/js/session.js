// One training run of the playground: its points, its network, and how the loss went. Pure.
import { createNetwork, evaluate, step } from "./network.js";
import { mulberry32 } from "./random.js";

const HISTORY = 600; // more records than this are thinned to every third one: an odd number, so that a loss that
// jumps up and down from step to step is still seen to do so

// settings: { dataset, activation, depth, width, rate, seed }; data[dataset]: { points: [x, y, …], labels: "0110…" }.
// The first half of the points trains, the second is held out.
export function createSession(settings, data) {
  const { points, labels } = data[settings.dataset];
  const n = labels.length;
  const half = Math.floor(n / 2);
  const cut = (from, to) => ({
    points: Float64Array.from(points.slice(2 * from, 2 * to)),
    labels: Float64Array.from(labels.slice(from, to), Number),
  });
  const { depth, width, activation, rate, seed } = settings;
  const session = {
    network: createNetwork(depth, width, activation, mulberry32(seed)),
    train: cut(0, half),
    heldOut: cut(half, n),
    rate,
  };
  return restart(session);
}

// Counts from zero again with the weights as they are.
export function restart(session) {
  Object.assign(session, { steps: 0, every: 1, history: { train: [], heldOut: [] } });
  record(session);
  return session;
}

export function advance(session, count) {
  const { network, train } = session;
  for (let i = 0; i < count && !session.diverged; i += 1) {
    step(network, train.points, train.labels, session.rate);
    session.steps += 1;
    if (session.steps % session.every === 0) record(session);
  }
}

// { steps, trainLoss, heldOutLoss, accuracy } of the weights as they are; accuracy is of the held-out points.
export function measure({ network, train, heldOut, steps }) {
  const held = evaluate(network, heldOut.points, heldOut.labels);
  const trainLoss = evaluate(network, train.points, train.labels).loss;
  return { steps, trainLoss, heldOutLoss: held.loss, accuracy: held.accuracy };
}

function record(session) {
  const { trainLoss, heldOutLoss } = measure(session);
  session.diverged = !Number.isFinite(trainLoss);
  if (session.diverged) return;
  const { history } = session;
  history.train.push(trainLoss);
  history.heldOut.push(heldOutLoss);
  if (history.train.length > HISTORY) {
    const third = (_, i) => i % 3 === 0;
    session.history = { train: history.train.filter(third), heldOut: history.heldOut.filter(third) };
    session.every *= 3;
  }
}
