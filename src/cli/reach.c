#include <stdio.h>

#include "cli/context.h"
#include "cli/environment.h"
#include "cli/reach.h"
#include "service/calls.h"

enum { DAY = 86400 };

const struct tu_datadir_host *tu_reach_host(const char *command)
{
	static char program[80];
	static struct tu_datadir_host host = {
		.now = tu_clock_now_us, .program = program, .version = TUTELA_VERSION};

	host.context = tu_context();
	(void)snprintf(program, sizeof(program), "tutela %s", command);
	return &host;
}

bool tu_reach_seconds(const char *text, unsigned *out_seconds)
{
	uint64_t value = 0;
	bool fits = tu_str_to_u64(tu_str_c(text), DAY, &value);

	*out_seconds = (unsigned)value;
	return fits;
}

enum tu_status tu_reach_once(const char *command, const char *data, const struct tu_reach_ask *ask,
	struct tu_buf *out, struct tu_error *err)
{
	struct tu_datadir_host host = *tu_reach_host(command);
	struct tu_reach *reach;
	enum tu_status status;

	host.wait = ask->wait;
	status = tu_datadir_reach(&host, data, &tu_service_calls, &reach, err);
	if (status)
		return status;
	status = tu_reach_call(reach, ask, out, err);
	tu_reach_end(reach);
	return status;
}
