/*
 * libmicrohttpd, loaded when a server is started.
 */
#ifndef TU_HTTP_HTTP_LIBRARY_H
#define TU_HTTP_HTTP_LIBRARY_H

#include <microhttpd.h>

#include "base/library.h"

#define TU_MHD_SONAME "libmicrohttpd.so.12"

#define TU_MHD_FUNCTIONS(X) \
	X(MHD_add_response_header) \
	X(MHD_create_response_from_buffer) \
	X(MHD_create_response_from_buffer_with_free_callback) \
	X(MHD_create_response_from_callback) \
	X(MHD_create_response_from_fd64) \
	X(MHD_del_response_header) \
	X(MHD_destroy_response) \
	X(MHD_get_connection_info) \
	X(MHD_get_connection_values) \
	X(MHD_get_daemon_info) \
	X(MHD_get_response_headers) \
	X(MHD_get_version) \
	X(MHD_queue_response) \
	X(MHD_quiesce_daemon) \
	X(MHD_resume_connection) \
	X(MHD_start_daemon) \
	X(MHD_stop_daemon) \
	X(MHD_suspend_connection)

struct tu_mhd {
	TU_MHD_FUNCTIONS(TU_LIBRARY_MEMBER)
};

/* NULL: libmicrohttpd is not installed. Any thread. */
const struct tu_mhd *tu_mhd(void);

#endif
