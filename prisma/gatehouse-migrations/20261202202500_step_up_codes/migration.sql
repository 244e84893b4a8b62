-- A code by mail proves who a user is who has neither a password nor a second factor.
ALTER TYPE "CodePurpose" ADD VALUE 'stepUp';
ALTER TYPE "MailPurpose" ADD VALUE 'stepUpCode';
