/* The door for clients of Dependency-Track: its rows, and how it says no. */
#include "api/operations.h"
#include "api/rows.h"
#include "base/json.h"
#include "base/json_writer.h"
#include "connect/dtrack/operations.h"

/* The rows, which need the headers above. */
#include "connect/dtrack/routes.inc"

/* Its clients show title and detail, and know no types of ours. */
const char *tu_dtrack_refuse(const struct tu_api_refusal *refusal, struct tu_buf *out)
{
	struct tu_json_writer json = tu_json_writer(out, false);

	tu_json_open_object(&json);
	tu_json_member_int(&json, "status", refusal->status);
	tu_json_member_str(&json, "title", tu_str_c(refusal->title));
	tu_json_member_opt(&json, "detail", tu_str_c(refusal->detail));
	tu_json_close_object(&json);
	return "application/problem+json";
}
