/*
 * What a sync did, and the sources that it knows, for people.
 */
#ifndef TU_SHOW_SYNC_H
#define TU_SHOW_SYNC_H

#include <tutela/buf.h>

#include "app/sync.h"

/* A row for each source, then what went wrong with them. */
void tu_sync_table(const struct tu_kb_sync_answer *answer, struct tu_buf *out);
/* Each source that is configured: what it gives, from where, and how. */
void tu_feed_table(const struct tu_feed_config *config, struct tu_buf *out);

#endif
