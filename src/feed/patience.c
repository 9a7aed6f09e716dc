/* How long to wait for a server. */
#include <string.h>

#include "base/hash.h"
#include "feed/curl.h"
#include "feed/download.h"

enum { BACKOFF_MAX_MS = 60000 };

uint64_t tu_backoff(uint32_t first_ms, uint32_t tries, uint64_t *seed)
{
	uint64_t pause = first_ms;

	for (uint32_t i = 0; i < tries && pause < BACKOFF_MAX_MS; i++)
		pause *= 2;
	if (pause > BACKOFF_MAX_MS)
		pause = BACKOFF_MAX_MS;
	*seed = tu_hash_mix(*seed + 0x9e3779b97f4a7c15u, 0xd1342543de82ef95u);
	return pause - (pause ? *seed % (pause / 2 + 1) : 0);
}

bool tu_http_date(struct tu_str value, int64_t *out_seconds)
{
	const struct tu_curl *lib = tu_curl();
	char text[64];
	time_t when;

	value = tu_str_trim(value);
	if (value.len == 0 || value.len >= sizeof(text))
		return false;
	memcpy(text, value.ptr, value.len);
	text[value.len] = '\0';
	when = lib ? lib->curl_getdate(text, NULL) : -1;
	if (when == -1)
		return false;
	*out_seconds = when;
	return true;
}

bool tu_retry_after(struct tu_str value, int64_t now, uint64_t *out_seconds)
{
	int64_t when;

	value = tu_str_trim(value);
	if (tu_str_to_u64(value, 1000000000, out_seconds))
		return true;
	if (!tu_http_date(value, &when))
		return false;
	*out_seconds = when > now ? (uint64_t)(when - now) : 0;
	return true;
}
