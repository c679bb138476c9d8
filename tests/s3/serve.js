// An S3 server on 127.0.0.1 for the tests: serve.js FOLDER. It checks signatures; its one account has the key and the
// secret "S3RVER". Says its port on a line of its own once it listens.
const S3rver = require("@20minutes/s3rver");

new S3rver({
  address: "127.0.0.1",
  port: 0,
  silent: true,
  directory: process.argv[2],
  vhostBuckets: false,
  configureBuckets: [{ name: "headwater", configs: [] }],
})
  .run()
  .then(({ port }) => console.log(`port ${port}`));
