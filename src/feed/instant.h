/*
 * Instants in our own JSON files: RFC 3339; absent means never.
 */
#ifndef TU_FEED_INSTANT_H
#define TU_FEED_INSTANT_H

#include "base/json.h"
#include "base/json_writer.h"
#include "base/time.h"

/* True and `*out` as it was when the value is absent; false when it is there and no instant. */
static inline bool feed_read_instant(struct tu_json value, int64_t *out)
{
	return !value.doc || tu_time_parse(tu_json_str(value), out);
}

/* Nothing for 0 and for what no text can say. */
static inline void feed_write_instant(struct tu_json_writer *json, const char *key, int64_t seconds)
{
	size_t start;

	if (seconds <= 0 || seconds > TU_TIME_MAX)
		return;
	tu_json_key(json, key);
	start = tu_json_open_text(json);
	tu_time_write(seconds, json->buf);
	tu_json_close_text(json, start);
}

#endif
