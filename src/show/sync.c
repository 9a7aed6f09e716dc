#include "show/sync.h"

#include "show/describe.h"
#include "show/paint.h"

enum { NAME_WIDTH = 15, SECONDS_AN_HOUR = 3600 };

static void add_bytes(struct tu_buf *out, uint64_t bytes)
{
	if (bytes < 1000000)
		tu_buf_printf(out, "%10.1f kB", (double)bytes / 1e3);
	else
		tu_buf_printf(out, "%10.1f MB", (double)bytes / 1e6);
}

void tu_sync_table(const struct tu_kb_sync_answer *answer, struct tu_buf *out)
{
	const struct tu_sync_result *fetched = &answer->fetched;
	const struct tu_paint paint = {.out = out};

	tu_buf_printf(out, "%-14s %-15s %-16s %10s %13s %13s\n", "source", "status", "fetched",
		"records", "stored", "received");
	for (size_t i = 0; i < fetched->source_count; i++) {
		const struct tu_sync_source *source = &fetched->sources[i];

		tu_paint_cell(&paint, TU_HUE_PLAIN, source->account.name, NAME_WIDTH, false);
		tu_describe_freshness(&source->account, answer->now, out);
		tu_buf_printf(out, " %10llu", (unsigned long long)source->account.records);
		add_bytes(out, source->account.bytes);
		add_bytes(out, source->received);
		tu_buf_c(out, "\n");
	}
	for (size_t i = 0; i < fetched->source_count; i++) {
		const struct tu_sidecar_source *source = &fetched->sources[i].account;

		if (source->last_error.len == 0)
			continue;
		tu_buf_printf(out, "%.*s: ", TU_STR_FMT(source->name));
		tu_paint(&paint, TU_HUE_PLAIN, source->last_error);
		tu_buf_c(out, "\n");
	}
}

static const char *state_of(const struct tu_feed_source *source)
{
	if (source->refused)
		return "  (off)";
	return source->chosen ? "" : "  (only when named or enabled)";
}

static void add_source(const struct tu_feed_source *source, struct tu_buf *out)
{
	uint32_t delay_ms = source->key.len && source->keyed_delay_ms ? source->keyed_delay_ms
								      : source->delay_ms;

	tu_buf_printf(out, "%.*s%s\n    gives   %.*s\n    from    %.*s\n", TU_STR_FMT(source->name),
		state_of(source), TU_STR_FMT(source->gives), TU_STR_FMT(source->url));
	if (source->items.len)
		tu_buf_printf(out, "    items   %.*s\n", TU_STR_FMT(source->items));
	if (source->openpgp_key.len)
		tu_buf_printf(out,
			"    pinned  each document is signed by the OpenPGP key of %.*s\n",
			TU_STR_FMT(source->openpgp_key));
	tu_buf_printf(out,
		"    method  %.*s; a pause of %.1f s; stale after %u hours\n    check   %.*s; not "
		"less by "
		"more than %u %%\n",
		TU_STR_FMT(tu_feed_method_name(source->method)), delay_ms / 1000.0,
		source->max_age / SECONDS_AN_HOUR, TU_STR_FMT(source->check), source->loss_max);
}

void tu_feed_table(const struct tu_feed_config *config, struct tu_buf *out)
{
	for (size_t i = 0; i < config->source_count; i++)
		add_source(&config->sources[i], out);
}
