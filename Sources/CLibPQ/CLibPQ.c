#define _GNU_SOURCE
#include "CLibPQ.h"

#include <dlfcn.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <time.h>

// The values of libpq's enumerations that are looked at (libpq-fe.h; they are part of its binary interface).
enum { CONNECTION_IS_OK = 0 };
enum { TRANSACTION_IS_IDLE = 0, TRANSACTION_IS_UNKNOWN = 4 };
enum { COMMAND_OK = 1, TUPLES_OK = 2, COPY_OUT = 3, COPY_IN = 4, COPY_BOTH = 8, EMPTY_QUERY = 0 };

typedef void (*notice_receiver)(void *, const pq_result *);

#define FUNCTIONS(X)                                                                                                     \
    X(pq_connection *, PQconnectdbParams, (const char *const *, const char *const *, int))                                \
    X(int, PQstatus, (const pq_connection *))                                                                             \
    X(int, PQtransactionStatus, (const pq_connection *))                                                                  \
    X(char *, PQerrorMessage, (const pq_connection *))                                                                    \
    X(void, PQfinish, (pq_connection *))                                                                                  \
    X(int, PQsocket, (const pq_connection *))                                                                             \
    X(int, PQsetnonblocking, (pq_connection *, int))                                                                      \
    X(notice_receiver, PQsetNoticeReceiver, (pq_connection *, notice_receiver, void *))                                    \
    X(int, PQsendQuery, (pq_connection *, const char *))                                                                  \
    X(int, PQsendQueryParams,                                                                                             \
      (pq_connection *, const char *, int, const unsigned int *, const char *const *, const int *, const int *, int))      \
    X(int, PQflush, (pq_connection *))                                                                                    \
    X(int, PQconsumeInput, (pq_connection *))                                                                             \
    X(int, PQisBusy, (pq_connection *))                                                                                   \
    X(pq_result *, PQgetResult, (pq_connection *))                                                                        \
    X(int, PQresultStatus, (const pq_result *))                                                                           \
    X(int, PQntuples, (const pq_result *))                                                                                \
    X(int, PQnfields, (const pq_result *))                                                                                \
    X(unsigned int, PQftype, (const pq_result *, int))                                                                    \
    X(int, PQgetisnull, (const pq_result *, int, int))                                                                    \
    X(char *, PQgetvalue, (const pq_result *, int, int))                                                                  \
    X(int, PQgetlength, (const pq_result *, int, int))                                                                    \
    X(char *, PQcmdStatus, (pq_result *))                                                                                 \
    X(char *, PQcmdTuples, (pq_result *))                                                                                 \
    X(char *, PQresultErrorField, (const pq_result *, int))                                                               \
    X(void, PQclear, (pq_result *))

#define FIELD(result, name, arguments) result(*name) arguments;
struct functions {
    FUNCTIONS(FIELD)
};

// Written once, under the lock, before anybody was told that the library is there; only read from then on.
static struct functions pq;
static int loaded = 0;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static pq_loading find_all(void *library, struct functions *found) {
#define FIND(result, name, arguments)                                                                                    \
    *(void **)&found->name = dlsym(library, #name);                                                                       \
    if (found->name == NULL) return PQ_TOO_OLD;
    FUNCTIONS(FIND)
    return PQ_LOADED;
}

pq_loading pq_load(const char *name) {
    void *library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) return PQ_MISSING;
    struct functions found;
    pq_loading loading = find_all(library, &found);
    // The library stays, for its functions are used from now on.
    if (loading != PQ_LOADED) {
        dlclose(library);
        return loading;
    }
    pthread_mutex_lock(&lock);
    if (!loaded) {
        pq = found;
        loaded = 1;
    }
    pthread_mutex_unlock(&lock);
    return PQ_LOADED;
}

// Without it libpq writes notices to the standard error output.
static void ignore(void *nothing, const pq_result *notice) {
    (void)nothing;
    (void)notice;
}

pq_connection *pq_connect(const char *const *keywords, const char *const *values) {
    pq_connection *connection = pq.PQconnectdbParams(keywords, values, 0);
    if (connection != NULL && pq_is_open(connection)) {
        pq.PQsetNoticeReceiver(connection, ignore, NULL);
        pq.PQsetnonblocking(connection, 1);
    }
    return connection;
}

int pq_is_open(const pq_connection *connection) { return pq.PQstatus(connection) == CONNECTION_IS_OK; }

int pq_in_transaction(const pq_connection *connection) {
    int status = pq.PQtransactionStatus(connection);
    return status != TRANSACTION_IS_IDLE && status != TRANSACTION_IS_UNKNOWN;
}

const char *pq_error(const pq_connection *connection) { return pq.PQerrorMessage(connection); }

void pq_finish(pq_connection *connection) { pq.PQfinish(connection); }

static long long now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (long long)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

// Waits until there is something to read (or room to write, if that is wanted too): 1, or 0 when the time is up.
static int wait_for(pq_connection *connection, short events, long long end, short *seen) {
    for (;;) {
        struct pollfd watched = {.fd = pq.PQsocket(connection), .events = events, .revents = 0};
        long long left = end - now();
        if (left <= 0) return 0;
        int count = watched.fd < 0 ? -1 : poll(&watched, 1, (int)left);
        if (count < 0 && watched.fd >= 0 && errno == EINTR) continue;
        // On an error the next read tells what is wrong.
        *seen = count < 0 ? POLLIN : watched.revents;
        if (count != 0) return 1;
    }
}

static pq_outcome flush(pq_connection *connection, long long end) {
    int left;
    while ((left = pq.PQflush(connection)) > 0) {
        short seen = 0;
        if (!wait_for(connection, POLLIN | POLLOUT, end, &seen)) return PQ_LATE;
        // The server may talk while it is written to; neither must wait for the other.
        if ((seen & ~POLLOUT) != 0 && !pq.PQconsumeInput(connection)) return PQ_BROKEN;
    }
    return left < 0 ? PQ_BROKEN : PQ_ANSWERED;
}

static int is_error(const pq_result *result) {
    int status = pq.PQresultStatus(result);
    return status != COMMAND_OK && status != TUPLES_OK && status != EMPTY_QUERY;
}

static void keep(pq_result **kept, pq_result *next) {
    if (*kept != NULL && is_error(*kept)) {
        pq.PQclear(next);
        return;
    }
    if (*kept != NULL) pq.PQclear(*kept);
    *kept = next;
}

pq_outcome pq_exec(pq_connection *connection, const char *sql, int count, const char *const *values, int milliseconds,
                   pq_result **result) {
    *result = NULL;
    long long end = now() + milliseconds;
    int sent = count < 0 ? pq.PQsendQuery(connection, sql)
                         : pq.PQsendQueryParams(connection, sql, count, NULL, values, NULL, NULL, 0);
    if (!sent) return PQ_BROKEN;
    pq_outcome outcome = flush(connection, end);
    if (outcome == PQ_LATE) return outcome;
    while (outcome == PQ_ANSWERED) {
        while (pq.PQisBusy(connection)) {
            short seen = 0;
            if (!wait_for(connection, POLLIN, end, &seen)) return PQ_LATE;
            if (!pq.PQconsumeInput(connection)) {
                outcome = PQ_BROKEN;
                break;
            }
        }
        if (outcome != PQ_ANSWERED) break;
        pq_result *next = pq.PQgetResult(connection);
        if (next == NULL) return pq_is_open(connection) ? PQ_ANSWERED : PQ_BROKEN;
        int status = pq.PQresultStatus(next);
        keep(result, next);
        // Nobody here speaks COPY, and the connection would wait for it for ever.
        if (status == COPY_IN || status == COPY_OUT || status == COPY_BOTH) return PQ_BROKEN;
    }
    // The connection is gone, so that this does not wait: what the server said before it closed the connection.
    pq_result *last = pq_is_open(connection) ? NULL : pq.PQgetResult(connection);
    if (last != NULL) keep(result, last);
    return PQ_BROKEN;
}

int pq_succeeded(const pq_result *result) { return !is_error(result); }
int pq_rows(const pq_result *result) { return pq.PQntuples(result); }
int pq_columns(const pq_result *result) { return pq.PQnfields(result); }
unsigned int pq_type(const pq_result *result, int column) { return pq.PQftype(result, column); }
int pq_is_null(const pq_result *result, int row, int column) { return pq.PQgetisnull(result, row, column); }
const char *pq_value(const pq_result *result, int row, int column) { return pq.PQgetvalue(result, row, column); }
int pq_length(const pq_result *result, int row, int column) { return pq.PQgetlength(result, row, column); }
const char *pq_command(const pq_result *result) { return pq.PQcmdStatus((pq_result *)result); }
const char *pq_touched(const pq_result *result) { return pq.PQcmdTuples((pq_result *)result); }
const char *pq_field(const pq_result *result, int field) { return pq.PQresultErrorField(result, field); }
void pq_clear(pq_result *result) { pq.PQclear(result); }
