/** "1 playbook", "3 playbooks". */
export const counted = (amount: number, word: string): string => `${amount} ${word}${amount === 1 ? '' : 's'}`;
