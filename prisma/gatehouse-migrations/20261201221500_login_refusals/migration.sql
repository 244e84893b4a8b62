-- How many logins of users were refused on a day.
CREATE TABLE "login_refusals" (
    "day" INTEGER NOT NULL,
    "count" INTEGER NOT NULL,

    CONSTRAINT "login_refusals_pkey" PRIMARY KEY ("day")
);
