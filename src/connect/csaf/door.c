/* The door for readers of CSAF: its rows, and how it says no. */
#include "api/operations.h"
#include "api/rows.h"
#include "base/json.h"
#include "base/json_writer.h"
#include "connect/csaf/operations.h"

/* The rows, which need the headers above. */
#include "connect/csaf/routes.inc"

/* Readers are programs of others: title and detail, and no types of ours. */
const char *tu_csaf_refuse(const struct tu_api_refusal *refusal, struct tu_buf *out)
{
	struct tu_json_writer json = tu_json_writer(out, false);

	tu_json_open_object(&json);
	tu_json_member_int(&json, "status", refusal->status);
	tu_json_member_str(&json, "title", tu_str_c(refusal->title));
	tu_json_member_opt(&json, "detail", tu_str_c(refusal->detail));
	tu_json_close_object(&json);
	return "application/problem+json";
}
