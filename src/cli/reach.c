#include <stdio.h>

#include "cli/environment.h"
#include "cli/reach.h"

const struct tu_datadir_host *tu_reach_host(const char *command)
{
	static char program[80];
	static const struct tu_datadir_host host = {
		.now = tu_clock_now_us, .program = program, .version = TUTELA_VERSION};

	(void)snprintf(program, sizeof(program), "tutela %s", command);
	return &host;
}

enum tu_status tu_reach_once(const char *command, const char *data, const struct tu_reach_ask *ask,
	struct tu_buf *out, struct tu_error *err)
{
	struct tu_reach *reach;
	enum tu_status status = tu_datadir_reach(tu_reach_host(command), data, &reach, err);

	if (status)
		return status;
	status = tu_reach_call(reach, ask, out, err);
	tu_reach_end(reach);
	return status;
}
