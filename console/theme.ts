// Calm and dense: 14 px, 4 px grid, ink for actions, colour for state alone. The same names in both themes; console.css uses them.
import { type CSSVariablesResolver, createTheme, defaultVariantColorsResolver, type MantineColorsTuple } from '@mantine/core';

const ink: MantineColorsTuple = [
  '#f4f6f8',
  '#e7eaee',
  '#cfd5dc',
  '#aab3be',
  '#85909d',
  '#667280',
  '#4b5665',
  '#354150',
  '#1f2a37',
  '#131a23',
];

/** Mantine's dark greys, from text (0) to the deepest ground (9). */
const dark: MantineColorsTuple = [
  '#e5e8eb',
  '#b4bbc2',
  '#9ba4ae',
  '#6d757e',
  '#414951',
  '#2f363d',
  '#1f2429',
  '#181c20',
  '#111417',
  '#0d1012',
];

export const theme = createTheme({
  primaryColor: 'ink',
  primaryShade: { light: 8, dark: 1 },
  colors: { ink, dark },
  // Filled is ink on paper by day and paper on ink by night; Mantine's own contrast looks at one theme only.
  variantColorResolver: (input) =>
    input.variant === 'filled'
      ? { background: 'var(--c-ink)', hover: 'var(--c-ink-hover)', color: 'var(--c-paper)', border: '1px solid transparent' }
      : defaultVariantColorsResolver(input),
  components: {
    Button: { styles: { label: { fontWeight: 500 } } },
    // Its own is white, which is not seen on the light ink of the dark theme.
    Checkbox: { styles: { icon: { color: 'var(--c-paper)' } } },
    InputWrapper: {
      defaultProps: { withAsterisk: false },
      styles: { label: { marginBottom: 4, fontWeight: 500 }, description: { marginBottom: 4 } },
    },
    Modal: {
      defaultProps: { closeButtonProps: { 'aria-label': 'Close' }, radius: 'lg', padding: 'xl' },
      styles: {
        title: { fontSize: 16, fontWeight: 600 },
        content: { background: 'var(--c-surface)' },
        header: { background: 'var(--c-surface)' },
      },
    },
  },
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace',
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  lineHeights: { xs: '16px', sm: '20px', md: '20px', lg: '24px', xl: '28px' },
  spacing: { xs: '4px', sm: '8px', md: '12px', lg: '16px', xl: '24px' },
  radius: { xs: '4px', sm: '6px', md: '8px', lg: '12px', xl: '16px' },
  defaultRadius: 'sm',
  focusRing: 'auto',
  cursorType: 'pointer',
});

/** Text on tint is at least 4.5:1 for every state, in both themes; test/console checks it with axe. */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#fafaf9',
    '--mantine-color-text': '#1b1f24',
    '--mantine-color-dimmed': '#59616b',
    '--mantine-color-error': '#a8201a',
    '--mantine-color-placeholder': '#69717b',
    '--c-ink': '#1f2a37',
    '--c-ink-hover': '#131a23',
    '--c-paper': '#ffffff',
    '--c-surface': '#ffffff',
    '--c-sunken': '#f2f3f2',
    '--c-line': '#e3e5e7',
    '--c-line-strong': '#c6cbd0',
    '--c-hover': '#f3f5f6',
    '--c-active': '#e9eef3',
    '--c-focus': '#1a5fb4',
    '--c-shadow': '0 1px 2px rgb(20 26 35 / 6%), 0 8px 24px rgb(20 26 35 / 6%)',
    ...tones({
      needs: ['#804600', '#fff0d3', '#d98a1b'],
      held: ['#5a3db0', '#efeafd', '#7c5fd3'],
      ok: ['#11643a', '#dff5e7', '#2a9d62'],
      bad: ['#a3201a', '#fde7e5', '#d2433b'],
      wait: ['#175699', '#e4effb', '#3f86d4'],
      none: ['#4b535c', '#eceeef', '#8a929b'],
    }),
  },
  dark: {
    '--mantine-color-body': '#111417',
    '--mantine-color-text': '#e5e8eb',
    '--mantine-color-dimmed': '#9ba4ae',
    '--mantine-color-error': '#ff9d95',
    '--mantine-color-placeholder': '#8a939d',
    '--mantine-color-default': '#1f2429',
    '--mantine-color-default-hover': '#272d33',
    '--mantine-color-default-border': '#414951',
    '--c-ink': '#e3e7eb',
    '--c-ink-hover': '#ffffff',
    '--c-paper': '#14181c',
    '--c-surface': '#181c20',
    '--c-sunken': '#0d1012',
    '--c-line': '#272d33',
    '--c-line-strong': '#414951',
    '--c-hover': '#1d2227',
    '--c-active': '#232c36',
    '--c-focus': '#82b7f5',
    '--c-shadow': '0 1px 2px rgb(0 0 0 / 40%), 0 8px 24px rgb(0 0 0 / 30%)',
    ...tones({
      needs: ['#f6bd63', '#35270d', '#d08a25'],
      held: ['#bdabf8', '#292145', '#8b71e0'],
      ok: ['#71d19b', '#112f20', '#2f9e66'],
      bad: ['#ff9d95', '#3d1817', '#dc574f'],
      wait: ['#8cbcf5', '#142a42', '#4a8fdb'],
      none: ['#b4bbc2', '#262b30', '#6d757e'],
    }),
  },
});

function tones(rows: Readonly<Record<string, readonly [ink: string, tint: string, mark: string]>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(rows).flatMap(([name, [text, tint, mark]]) => [
      [`--c-${name}`, text],
      [`--c-${name}-tint`, tint],
      [`--c-${name}-mark`, mark],
    ]),
  );
}
