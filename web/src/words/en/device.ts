/* Words of pages/device. */
export default {
  "device.title": "Device",
} as const;
