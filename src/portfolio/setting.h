/*
 * A setting that is one JSON object, as one row of the store. Who has the setting knows its
 * members, checks them and records what changed; here is how it is read and put.
 */
#ifndef TU_PORTFOLIO_SETTING_H
#define TU_PORTFOLIO_SETTING_H

#include "base/json.h"
#include "portfolio/work.h"

enum { TU_SETTING_MAX = 128 << 10 }; /* bytes of the object */

/* Take the members; texts of `root` are gone afterwards. */
typedef enum tu_status tu_setting_take(
	struct tu_work *w, struct tu_json root, void *self, struct tu_error *err);
/* `take` is not called where the setting was never put. Errors of `take`, tu_json_parse() and the
 * store. */
TU_NODISCARD enum tu_status tu_setting_read(struct tu_work *w, struct tu_str name,
	tu_setting_take *take, void *self, struct tu_error *err);
/* TU_E_LIMIT where the text has failed (begin it with TU_SETTING_MAX); else errors of the store. */
TU_NODISCARD enum tu_status tu_setting_put(
	struct tu_work *w, struct tu_str name, const struct tu_buf *text, struct tu_error *err);

#endif
