// Every sentence of the page in both languages, and the switch between them.

const WORDS = {
  en: {
    skip: 'Skip to the reading',
    title: 'Korean licence plates, read in your browser',
    lead: 'Give it a picture of one plate. A small neural network reads it on this device; nothing is uploaded.',
    reading: 'Reading',
    intake: 'Try a plate',
    choose: 'Choose pictures',
    dropHint: 'or drop them anywhere on this page, or paste one (Ctrl+V).',
    cropsOnly:
      'This version reads pictures cropped to one plate; it does not look for plates in a whole street scene yet.',
    dropNow: 'Drop to read',
    copy: 'Copy',
    copied: 'Copied',
    copyFailed: 'Could not copy',
    confidence: 'whole plate',
    charsLabel: 'Confidence of each character',
    candidates: 'Candidates',
    time: 'Time',
    preprocess: 'Preprocessing',
    network: 'Network',
    total: 'Total',
    rectified: 'What the network sees: 192 × 96, grey',
    rectifiedLabel: 'The plate as the network sees it',
    log: 'Read so far',
    clear: 'Clear',
    engine: 'What is running',
    backendSwitch: 'Compute backend',
    backendAuto: 'Automatic',
    backend: 'Backend in use',
    loaded: 'Received',
    loadedParts: 'WebAssembly {0}, weights {1}',
    warmup: 'Warm-up',
    model: 'Model',
    simd: 'with SIMD',
    noSimd: 'without SIMD',
    notLoaded: 'not loaded',
    fallback: 'WebGPU is not in use: {0}',
    how: 'How it works',
    how1: 'A first network finds the corners of the plate, which is then seen straight on: 192 × 96 grey pixels.',
    how2: 'A small neural network, written in Rust with Burn and compiled to WebAssembly, looks for characters at 16 positions.',
    how3: 'A decoder puts the texts that a Korean plate can carry first and says so when the picture insists on another; every candidate keeps its probability.',
    private:
      '*Nothing is uploaded.* The page may only talk to the server it came from (its content security policy says so), and once loaded it asks for nothing more, unless you switch to a backend that has not been loaded yet. You can go offline and keep reading.',
    synthetic:
      'The network has learned from drawn plates only; no photograph of a real car went into it. The samples on this page are drawn, too.',
    code: 'The same in your code',
    footer: 'Free software under the MIT licence.',
    close: 'Close',
    loadingLabel: 'Loading the reader',
    loadingStart: 'Loading the reader…',
    loadingWasm: 'Loading the program, {0}',
    loadingWeights: 'Loading the weights, {0}',
    loadingCompile: 'Compiling…',
    loadingWarmup: 'Warming up…',
    of: '{0} of {1}',
    waiting: 'Waiting',
    readingNow: 'Reading…',
    noText: 'No plate text found',
    noTextAdvice: 'Crop the picture closer to one plate, so that the plate fills most of it, and try again.',
    valid: 'Fits the plate rules',
    invalid: 'Does not fit the plate rules',
    unsure: 'Low confidence',
    sampleRight: 'Same as the sample',
    sampleWrong: 'The sample says {0}',
    rental: 'Rental',
    position: 'Character {0}',
    noAlternatives: 'no likely alternative',
    announce: '{0}. Confidence {1}. {2}. {3}.',
    announceFailed: '{0}: {1}',
    plateLabel: 'Plate {0}',
    sampleLabel: 'Read the sample {0}, {1}',
    samplesMissing: 'The sample plates could not be loaded. Choose a picture of your own instead.',
    pasted: 'pasted picture',
    retry: 'Try again',
    useCpu: 'Use the CPU',
    ms: '{0} ms',
    pixels: '{0} × {1} px',
    detail: 'Detail: {0}',
  },
  ko: {
    skip: '판독 결과로 건너뛰기',
    title: '브라우저에서 바로 읽는 한국 자동차 번호판',
    lead: '번호판 사진 한 장이면 됩니다. 작은 신경망이 이 기기 안에서 읽고, 사진은 어디에도 업로드되지 않습니다.',
    reading: '판독 결과',
    intake: '번호판 읽어 보기',
    choose: '사진 고르기',
    dropHint: '또는 이 페이지 아무 곳에나 끌어다 놓거나 붙여 넣으세요(Ctrl+V).',
    cropsOnly:
      '이 버전은 번호판 하나만 잘라 낸 사진을 읽습니다. 거리 전체를 찍은 사진에서 번호판을 찾아 주지는 못합니다.',
    dropNow: '놓으면 읽습니다',
    copy: '복사',
    copied: '복사했습니다',
    copyFailed: '복사하지 못했습니다',
    confidence: '번호판 전체',
    charsLabel: '글자별 신뢰도',
    candidates: '후보',
    time: '걸린 시간',
    preprocess: '전처리',
    network: '신경망',
    total: '전체',
    rectified: '신경망이 보는 그림: 192 × 96 흑백',
    rectifiedLabel: '신경망이 보는 번호판',
    log: '지금까지 읽은 번호판',
    clear: '모두 지우기',
    engine: '실행 환경',
    backendSwitch: '연산 장치',
    backendAuto: '자동',
    backend: '사용 중인 장치',
    loaded: '받은 데이터',
    loadedParts: 'WebAssembly {0}, 가중치 {1}',
    warmup: '준비 시간',
    model: '모델',
    simd: 'SIMD 사용',
    noSimd: 'SIMD 없음',
    notLoaded: '불러오지 못함',
    fallback: 'WebGPU를 쓰지 않는 이유: {0}',
    how: '작동 방식',
    how1: '첫 번째 신경망이 번호판의 네 모서리를 찾아 192 × 96 흑백 그림으로 바르게 폅니다.',
    how2: 'Rust와 Burn으로 만들어 WebAssembly로 컴파일한 작은 신경망이 16개 위치에서 글자를 찾습니다.',
    how3: '디코더가 실제 번호판에 쓰일 수 있는 글자열을 앞세우고, 그렇지 않은 글자열로 읽히면 그렇다고 알립니다. 후보마다 확률도 함께 보여 줍니다.',
    private:
      '*사진을 업로드하지 않습니다.* 이 페이지는 자신을 내려 준 서버하고만 통신할 수 있고(콘텐츠 보안 정책으로 제한), 다 불러온 뒤에는 아직 받지 않은 연산 장치로 바꿀 때가 아니면 아무것도 요청하지 않습니다. 인터넷을 끊어도 계속 읽습니다.',
    synthetic:
      '신경망은 그려서 만든 번호판으로만 학습했고 실제 자동차 사진은 쓰지 않았습니다. 이 페이지의 견본도 그려서 만든 것입니다.',
    code: '같은 일을 코드로',
    footer: 'MIT 라이선스로 공개된 자유 소프트웨어입니다.',
    close: '닫기',
    loadingLabel: '판독기 불러오는 중',
    loadingStart: '판독기를 불러오는 중…',
    loadingWasm: '프로그램 불러오는 중, {0}',
    loadingWeights: '가중치 불러오는 중, {0}',
    loadingCompile: '컴파일하는 중…',
    loadingWarmup: '준비하는 중…',
    of: '{1} 중 {0}',
    waiting: '대기 중',
    readingNow: '읽는 중…',
    noText: '번호판 글자를 찾지 못했습니다',
    noTextAdvice: '번호판이 사진을 거의 채우도록 더 가깝게 잘라서 다시 시도해 주세요.',
    valid: '번호 체계에 맞음',
    invalid: '번호 체계에 맞지 않음',
    unsure: '신뢰도 낮음',
    sampleRight: '견본과 일치',
    sampleWrong: '견본의 글자: {0}',
    rental: '렌터카',
    position: '{0}번째 글자',
    noAlternatives: '가능성 있는 다른 글자 없음',
    announce: '{0}. 신뢰도 {1}. {2}. {3}.',
    announceFailed: '{0}: {1}',
    plateLabel: '번호판 {0}',
    sampleLabel: '견본 {0} 읽기, {1}',
    samplesMissing: '견본 번호판을 불러오지 못했습니다. 가지고 있는 사진을 골라 주세요.',
    pasted: '붙여 넣은 사진',
    retry: '다시 시도',
    useCpu: 'CPU로 실행',
    ms: '{0} ms',
    pixels: '{0} × {1} px',
    detail: '자세히: {0}',
  },
};

/** What went wrong and what to do about it, by the error codes of the package; NO_WEBGPU is UNSUPPORTED on WebGPU. */
const FAILURES = {
  en: {
    UNSUPPORTED: [
      'This browser cannot run the reader',
      'It needs WebAssembly with SIMD, which every current browser has. Update the browser and come back.',
    ],
    NO_WEBGPU: ['WebGPU is not available here', 'The CPU reads the same plates with the same network.'],
    LOAD_FAILED: ['A part of the reader did not arrive', 'Check the connection and try again.'],
    INTEGRITY: [
      'The downloaded weights do not fit this program',
      'The browser may hold an old copy. Reload the page without its cache (Ctrl+Shift+R).',
    ],
    BACKEND_LOST: ['The graphics processor stopped answering', 'The reader can go on with the CPU.'],
    BAD_INPUT: [
      'This picture could not be opened',
      'Use a JPEG, PNG or WebP picture that other programs can show. A HEIC photo has to be converted first.',
    ],
    CLOSED: ['The reader was closed', 'Start it again.'],
    UNKNOWN: [
      'Something unexpected went wrong',
      'Try again; if it happens every time, the detail below is what a bug report needs.',
    ],
  },
  ko: {
    UNSUPPORTED: [
      '이 브라우저에서는 판독기를 실행할 수 없습니다',
      'SIMD를 지원하는 WebAssembly가 필요합니다. 요즘 브라우저는 모두 지원하니 업데이트한 뒤 다시 열어 주세요.',
    ],
    NO_WEBGPU: ['여기서는 WebGPU를 쓸 수 없습니다', 'CPU로도 같은 신경망이 같은 번호판을 읽습니다.'],
    LOAD_FAILED: ['판독기 일부를 받지 못했습니다', '인터넷 연결을 확인하고 다시 시도해 주세요.'],
    INTEGRITY: [
      '받은 가중치가 프로그램과 맞지 않습니다',
      '브라우저에 예전 파일이 남아 있을 수 있습니다. 캐시 없이 새로 고침(Ctrl+Shift+R)해 주세요.',
    ],
    BACKEND_LOST: ['그래픽 장치가 응답하지 않습니다', 'CPU로 계속 읽을 수 있습니다.'],
    BAD_INPUT: [
      '사진을 열 수 없습니다',
      '다른 프로그램에서 열리는 JPEG, PNG, WebP 사진을 사용해 주세요. HEIC 사진은 먼저 변환해야 합니다.',
    ],
    CLOSED: ['판독기가 종료되었습니다', '다시 시작해 주세요.'],
    UNKNOWN: [
      '예상하지 못한 문제가 생겼습니다',
      '다시 시도해 주세요. 계속 반복되면 아래 내용을 버그 신고에 적어 주세요.',
    ],
  },
};

/** Names of the plate kinds, Korean and English: the badge shows both. */
export const KIND_NAMES = {
  'private-long': ['자가용 긴 판', 'Private, long'],
  'private-8': ['자가용 8자리', 'Private, 8 characters'],
  'private-film': ['자가용 8자리 반사필름', 'Private, reflective film'],
  'private-short': ['자가용 짧은 판', 'Private, short'],
  'private-large': ['자가용 대형', 'Private, large'],
  ev: ['전기·수소차', 'Electric or hydrogen'],
  corporate: ['법인 업무용', 'Corporate'],
  'commercial-long': ['영업용 긴 판', 'Commercial, long'],
  'commercial-double': ['영업용 두 줄', 'Commercial, two lines'],
  'green-national': ['녹색 전국 번호판', 'Green, national'],
  'green-region': ['녹색 지역 번호판', 'Green, regional'],
};

let language = 'en';

/** The language in use, `ko` or `en`. */
export function currentLanguage() {
  return language;
}

/** `?lang=` if given, else what the browser prefers. */
export function preferredLanguage() {
  const asked = new URLSearchParams(location.search).get('lang');
  if (asked === 'ko' || asked === 'en') return asked;
  return (
    (navigator.languages ?? [navigator.language])
      .find((l) => /^(ko|en)\b/i.test(l))
      ?.slice(0, 2)
      .toLowerCase() ?? 'en'
  );
}

/** The sentence `key` in the current language, `{0}`, `{1}`... replaced by `values`. */
export function t(key, ...values) {
  return WORDS[language][key].replace(/\{(\d)\}/g, (_, i) => String(values[Number(i)]));
}

/** `{ title, advice }` for an error code of the package. */
export function failureWords(code) {
  const [title, advice] = FAILURES[language][code] ?? FAILURES[language].UNKNOWN;
  return { title, advice };
}

/** `97.8%`, and never a rounded-up 100%. */
export function percent(probability) {
  const value = Math.floor(probability * 1000) / 10;
  return `${value.toFixed(value >= 100 ? 0 : 1)}%`;
}

/** Decimal units, as download sizes are given: `84.3 kB`, `1.25 MB`. */
export function bytes(count) {
  if (count < 1000) return `${count} B`;
  return count < 1e6 ? `${(count / 1000).toFixed(1)} kB` : `${(count / 1e6).toFixed(2)} MB`;
}

/** Switches the page's language and rewrites every element marked with `data-i18n`. */
export function setLanguage(next) {
  language = next;
  document.documentElement.lang = next;
  document.title = `kr-lpr · ${t('title')}`;
  for (const node of document.querySelectorAll('[data-i18n]')) {
    // *…* marks what is strong; nothing else is markup.
    const parts = t(node.dataset.i18n).split('*');
    node.replaceChildren(
      ...parts.map((part, i) => {
        if (i % 2 === 0) return part;
        const strong = document.createElement('strong');
        strong.textContent = part;
        return strong;
      }),
    );
  }
  for (const node of document.querySelectorAll('[data-i18n-label]'))
    node.setAttribute('aria-label', t(node.dataset.i18nLabel));
  for (const button of document.querySelectorAll('[data-lang]')) {
    button.setAttribute('aria-pressed', String(button.dataset.lang === next));
  }
}
