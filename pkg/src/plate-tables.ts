/**
 * The kinds of plates and what was issued on each, written by `tests/plate_tables.rs` from `src/plate/kind.rs`: do not
 * edit, run `cargo xtask bless`.
 * @module
 */

/** The kinds of plates. */
export const PLATE_KINDS = [
  'private-long',
  'private-8',
  'private-film',
  'private-short',
  'private-large',
  'ev',
  'corporate',
  'commercial-long',
  'commercial-double',
  'green-national',
  'green-region',
  'military',
  'diplomatic',
  'temporary',
  'construction',
  'construction-old',
  'motorcycle',
] as const;

/** The 17 provinces and metropolitan cities, as plates name them. */
export const REGIONS: readonly string[] = /* @__PURE__ */ '서울 부산 대구 인천 광주 대전 울산 세종 경기 강원 충북 충남 전북 전남 경북 경남 제주'.split(' ');

/** What may stand between the parts of a text, or where nobody sees it: white space, dashes, dots, underscores, characters of no width. @internal */
export const SEPARATORS = /[\u{9}-\u{d}\u{20}\u{2d}-\u{2e}\u{5f}\u{85}\u{a0}\u{ad}\u{b7}\u{119e}\u{1680}\u{2000}-\u{2015}\u{2022}\u{2028}-\u{2029}\u{202f}\u{205f}-\u{2060}\u{2212}\u{2219}\u{22c5}\u{3000}\u{3002}\u{30fb}\u{feff}]/gu;

/**
 * What was issued: each row is one pattern of texts, any region with any class code, letter and serial of it. Columns:
 * index of the kind; regions, space-separated, or 0 for all and '' for none; digits of the class code; its first and
 * last value; letters, space-separated; digits of the serial; its first and last value.
 * @internal
 */
export const FORMATS: readonly (readonly [
  kind: number,
  regions: string | 0,
  classDigits: number,
  classFirst: number,
  classLast: number,
  letters: string,
  serialDigits: number,
  serialFirst: number,
  serialLast: number,
])[] = [
  [0, '', 2, 1, 99, '가 나 다 라 마 거 너 더 러 머 버 서 어 저 고 노 도 로 모 보 소 오 조 구 누 두 루 무 부 수 우 주', 4, 0, 9999],
  [0, '', 2, 1, 79, '하 허 호', 4, 0, 9999],
  [1, '', 3, 100, 999, '가 나 다 라 마 거 너 더 러 머 버 서 어 저 고 노 도 로 모 보 소 오 조 구 누 두 루 무 부 수 우 주', 4, 0, 9999],
  [1, '', 3, 100, 799, '하 허 호', 4, 0, 9999],
  [2, '', 3, 100, 999, '가 나 다 라 마 거 너 더 러 머 버 서 어 저 고 노 도 로 모 보 소 오 조 구 누 두 루 무 부 수 우 주', 4, 0, 9999],
  [2, '', 3, 100, 799, '하 허 호', 4, 0, 9999],
  [3, '', 2, 1, 99, '가 나 다 라 마 거 너 더 러 머 버 서 어 저 고 노 도 로 모 보 소 오 조 구 누 두 루 무 부 수 우 주', 4, 0, 9999],
  [3, '', 2, 1, 79, '하 허 호', 4, 0, 9999],
  [4, '', 2, 70, 99, '가 나 다 라 마 거 너 더 러 머 버 서 어 저 고 노 도 로 모 보 소 오 조 구 누 두 루 무 부 수 우 주', 4, 0, 9999],
  [4, '', 2, 70, 79, '하 허 호', 4, 0, 9999],
  [5, '', 2, 1, 99, '가 나 다 라 마 거 너 더 러 머 버 서 어 저 고 노 도 로 모 보 소 오 조 구 누 두 루 무 부 수 우 주', 4, 0, 9999],
  [5, '', 2, 1, 79, '하 허 호', 4, 0, 9999],
  [5, '', 3, 100, 997, '가 나 다 라 마 거 너 더 러 머 버 서 어 저 고 노 도 로 모 보 소 오 조 구 누 두 루 무 부 수 우 주', 4, 0, 9999],
  [5, '', 3, 100, 799, '하 허 호', 4, 0, 9999],
  [6, '', 3, 100, 699, '가 나 다 라 마 거 너 더 러 머 버 서 어 저 고 노 도 로 모 보 소 오 조 구 누 두 루 무 부 수 우 주', 4, 0, 9999],
  [6, '', 3, 100, 699, '하 허 호', 4, 0, 9999],
  [7, 0, 2, 1, 99, '바 사 아 자 배', 4, 0, 9999],
  [8, 0, 2, 1, 99, '바 사 아 자 배', 4, 0, 9999],
  [9, '', 2, 1, 99, '가 나 다 라 마 거 너 더 러 머 버 서 어 저 고 노 도 로 모 보 소 오 조 구 누 두 루 무 부 수 우 주', 4, 0, 9999],
  [9, '', 2, 1, 79, '허', 4, 0, 9999],
  [10, '서울 부산 대구 인천 광주 대전 울산 경기 강원 충북 충남 전북 전남 경북 경남 제주', 2, 1, 99, '가 나 다 라 마 거 너 더 러 머 고 노 도 로 모 구 누 두 루 무', 4, 0, 9999],
  [10, '서울 부산 대구 인천 광주 대전 울산 경기 강원 충북 충남 전북 전남 경북 경남 제주', 2, 1, 79, '허', 4, 0, 9999],
  [10, '서울 부산 대구 인천 광주 대전 경기 강원 충북 충남 전북 전남 경북 경남 제주', 1, 0, 9, '가 나 다 라 마 거 너 더 러 머 버 서 어 저 고 노 도 로 모 보 소 오 조 구 누 두 루 무 부 수 우 주 하 호 차 카 타 파 처 커 터 퍼 초 코 토 포 추 쿠 투 푸 후 그 느 드 르 므 브 스 으 즈 츠 크 트 프 흐', 4, 0, 9999],
  [11, '', 2, 0, 99, '국 합 육 해 공', 4, 0, 9999],
  [12, '', 0, 0, 0, '외교 영사 준외 준영 국기 협정 대표', 6, 0, 999999],
  [12, '', 0, 0, 0, '외빈', 3, 0, 999],
  [13, '', 0, 0, 0, '임', 4, 0, 9999],
  [13, '', 0, 0, 0, '임', 6, 0, 999999],
  [13, 0, 2, 1, 99, '임', 4, 0, 9999],
  [14, '', 3, 1, 27, '가 나 다 라 마 거 너 더 러 머 버 서 어 저 고 노 도 로 모 보 소 오 조 구 누 두 루 무 부 수 우 주', 4, 0, 9999],
  [14, '', 3, 1, 27, '하 허 호', 4, 0, 9999],
  [15, 0, 2, 1, 27, '가 나 다 라 마 거 너 더 러 머 고 노 도 로 모 구 누 두 루 무', 4, 0, 9999],
  [15, 0, 2, 1, 27, '바 사 아 자', 4, 0, 9999],
  [16, '', 1, 1, 9, '가 나 다 라 마 거 너 더 러 머 버 서 어 저 고 노 도 로 모 보 소 오 조 구 누 두 루 무 부 수 우 주', 5, 10000, 99999],
];
