/*
 * Any text as a configuration of feeds, and as URLs: reading never crashes, a fault is told, and
 * what is accepted is an https URL.
 */
#include <stdlib.h>

#include "feed/source.h"
#include "feed/url.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_urls(struct tu_str text)
{
	struct tu_url url;
	struct tu_buf joined;

	(void)tu_url_is_private(text);
	if (tu_url_parse(text, &url, NULL) == TU_OK && (url.host.len == 0 || url.port == 0))
		abort();
	tu_buf_init(&joined, (size_t)4 * TU_URL_MAX);
	tu_url_join(TU_STR("https://a.example/b/c"), text, &joined);
	tu_url_join(text, TU_STR("../d"), &joined);
	tu_url_encode(text, &joined);
	tu_buf_done(&joined);
}

static void check_config(struct tu_str text)
{
	struct tu_arena *arena = tu_arena_new(0);
	struct tu_feed_config config;
	struct tu_error err = {0};
	struct tu_url url;

	if (!arena || !tu_feed_config_init(arena, &config)) {
		tu_arena_free(arena);
		return;
	}
	if (tu_feed_config_apply(arena, text, &config, &err) != TU_OK) {
		if (!err.message[0])
			abort();
	} else {
		for (size_t i = 0; i < config.source_count; i++)
			if (config.sources[i].own && config.sources[i].url.len &&
				tu_url_parse(config.sources[i].url, &url, NULL) != TU_OK)
				abort();
	}
	tu_arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tu_str text = {(const char *)data, size};

	check_config(text);
	check_urls(text);
	return 0;
}
