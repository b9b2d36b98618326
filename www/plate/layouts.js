// What each kind of plate looks like.

// size: mm. digit, letter: [cell width, cell height, ink height]. left: where the characters may begin.
const LONG = {
  size: [520, 110],
  tone: 'white',
  digit: [56, 83, 75],
  letter: [76, 83, 65],
  left: 0,
  bolts: [
    [20, 55],
    [500, 55],
  ],
};
const FILM = { ...LONG, tone: 'film', digit: [50, 85, 75], letter: [85, 85, 65], left: 45, bolts: [], strip: true };
const DOUBLE = {
  size: [335, 170],
  tone: 'yellow',
  top: { y: 11, h: 40, digit: 38, region: 95 },
  bottom: { y: 71, h: 84, letter: 60, digit: 62 },
  bolts: [
    [65, 26],
    [270, 26],
  ],
};

const GREEN_REGION = {
  ...DOUBLE,
  tone: 'green',
  top: { y: 14, h: 36, digit: 40, region: 84 },
  bottom: { y: 68, h: 88, letter: 62, digit: 58 },
};

/** Every kind the recognizer knows: what it looks like. */
export const PLATE_LAYOUTS = {
  'private-long': { ...LONG, letter: [96, 83, 65] },
  'private-8': { ...LONG, digit: [55, 83, 75] },
  'private-film': FILM,
  'private-short': {
    size: [335, 155],
    tone: 'white',
    digit: [45, 83, 75],
    letter: [49, 83, 58],
    left: 0,
    top: 46,
    bolts: [
      [65, 25],
      [270, 25],
    ],
  },
  'private-large': {
    size: [440, 200],
    tone: 'white',
    digit: [59, 105, 96],
    letter: [64, 105, 77],
    left: 0,
    top: 60,
    bolts: [
      [75, 30],
      [365, 30],
    ],
  },
  ev: { ...LONG, tone: 'blue', letter: [96, 83, 65], bolts: [], ev: true },
  corporate: { ...FILM, tone: 'lime' },
  'commercial-long': { ...LONG, tone: 'yellow', digit: [55, 83, 75], letter: [71, 83, 66] },
  'commercial-double': DOUBLE,
  'green-national': {
    ...DOUBLE,
    tone: 'green',
    top: { y: 13, h: 40, digit: 50, region: 90, letter: 56 },
    bottom: { y: 66, h: 88, letter: 60, digit: 76 },
  },
  'green-region': GREEN_REGION,
  military: { ...LONG, letter: [96, 83, 65] },
  diplomatic: { ...LONG, tone: 'navy', digit: [52, 83, 75], word: 120, bolts: [] },
  temporary: { ...LONG, letter: [96, 83, 65], bolts: [], cross: true },
  construction: { ...LONG, tone: 'orange' },
  'construction-old': { ...GREEN_REGION, tone: 'orange-old' },
  motorcycle: {
    size: [210, 150],
    tone: 'white',
    top: { y: 14, h: 44, digit: 38, letter: 58 },
    bottom: { y: 72, h: 64, digit: 46 },
    bolts: [],
  },
};
