'use strict';

// Waits for MongoDB, then starts mongo-express, which would give up at once. Servers
// of one application start in any order; but a wrong login stays wrong, so that ends.

const app = '/app/node_modules/mongo-express';
const { MongoClient } = require(`${app}/../mongodb`);
const { mongodb } = require(`${app}/config.default`);

const ADDRESS = mongodb.connectionString.replace(/\/\/[^@/]*@/, '//');
const TRY_MS = 2000;
const PAUSE_MS = 500;
const LOGIN_FAILED = [13, 18];

const pause = () => new Promise((resolve) => setTimeout(resolve, PAUSE_MS));

async function answers() {
  const options = { ...mongodb.connectionOptions, serverSelectionTimeoutMS: TRY_MS };
  const client = await MongoClient.connect(mongodb.connectionString, options);
  await client.close();
}

async function wait() {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await answers();
      return;
    } catch (error) {
      if (LOGIN_FAILED.includes(error.code)) {
        console.error(`Could not log in to ${ADDRESS}: ${error.message}`);
        process.exit(1);
      }
      if (attempt % 5 === 1) {
        console.log(`Waiting for ${ADDRESS}: ${error.message}`);
      }
    }
    await pause();
  }
}

process.on('SIGTERM', () => process.exit(0));
process.on('SIGINT', () => process.exit(0));
wait().then(() => require(`${app}/app.js`));
