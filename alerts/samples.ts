// Plain alerts about things that the practice range has, for a first try and for tests. Each call takes a fresh id, so each is a new finding.

export const SAMPLES = {
  travel: {
    title: 'Impossible travel: Eve Adams signed in from two continents',
    message: 'Sign-in from 203.0.113.50 eleven minutes after a sign-in from the office. The address is on a block list.',
    severity: 'high',
    users: [{ id: 'user-007', name: 'Eve Adams', email: 'eve.adams@example.test' }],
    hosts: [{ id: 'wks-007', name: 'wks-007' }],
    ips: ['203.0.113.50'],
  },
  malware: {
    title: 'Malware ran on wks-012',
    message: 'A file with a bad reputation was started from the downloads folder.',
    severity: 'critical',
    hosts: [{ id: 'wks-012', name: 'wks-012' }],
    files: [{ sha256: 'e3b7c1d59a0f4826b1c07d35e9f2a84460cbd8e17f35a92d06b4e1f8c27a9d53', name: 'invoice-viewer.exe' }],
  },
  phishing: {
    title: 'Reported as phishing: Invoice overdue',
    message: 'A person reported this mail. It asks to sign in at an address that imitates ours.',
    severity: 'medium',
    messages: [{ from: 'billing@invoices.example.test', subject: 'Invoice overdue', urls: ['http://invoices.example.test/sign-in'] }],
  },
  'domain-controller': {
    title: 'Malware ran on dc-01',
    message: 'A file with a bad reputation was started on a domain controller.',
    severity: 'critical',
    hosts: [{ id: 'dc-01', name: 'dc-01' }],
    files: [{ sha256: 'e3b7c1d59a0f4826b1c07d35e9f2a84460cbd8e17f35a92d06b4e1f8c27a9d53', name: 'invoice-viewer.exe' }],
  },
} as const;

export type SampleName = keyof typeof SAMPLES;

/** The sample as a body to post. */
export function sampleAlert(name: SampleName, id: string, time: string): Readonly<Record<string, unknown>> {
  return { id, time, status: 'open', ...SAMPLES[name], data: { sample: name } };
}
