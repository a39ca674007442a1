// The tables of how people are reached: messages, pages, who they are elsewhere.
import type { ClicksTable, IdentitiesTable, IdentityLinksTable } from './identity-tables.ts';
import type { MessagesTable } from './message-tables.ts';
import type { OncallTable, PageRecipientsTable, PagesTable, PageWindowsTable } from './page-tables.ts';

export interface ChannelTables {
  messages: MessagesTable;
  identities: IdentitiesTable;
  identity_links: IdentityLinksTable;
  clicks: ClicksTable;
  oncall: OncallTable;
  pages: PagesTable;
  page_recipients: PageRecipientsTable;
  page_windows: PageWindowsTable;
}
