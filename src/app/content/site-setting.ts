import { singleType } from 'gatehouse';

export const siteSetting = singleType('SiteSetting', {
  read: ['siteName', 'tagline', 'postsPerPage', 'createdAt', 'updatedAt'],
  write: ['siteName', 'tagline', 'postsPerPage'],
  columns: { siteName: { maxLength: 255 }, tagline: { maxLength: 255 } },
});
