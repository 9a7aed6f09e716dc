/* The stream of events. */
#include "api/call.h"

#include "api/events.h"
#include "http/server.h"

enum tu_status tu_api_get_events(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_str last = tu_http_header(call->http, TU_STR("Last-Event-ID"));
	struct tu_api_hearing hearing = {.server = call->http->server, .who = &call->who};

	if (!last.len)
		last = tu_api_query(call, "after");
	if (last.len && !tu_api_events_after(call->events, last, &hearing.after)) {
		call->problem.type = TU_PROBLEM_BAD_REQUEST;
		return tu_fail(err, TU_E_USAGE, 0, "Last-Event-ID is not the id of an event");
	}
	return tu_api_events_open(call->events, &hearing, &call->answer.stream, err);
}
