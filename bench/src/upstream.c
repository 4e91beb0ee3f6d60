// The upstream of the measurements: answers as OpenAI's API does, as fast as one thread can, on loopback.
//
//   upstream FAST PACED SLOW
//
// It listens on three ports: FAST answers at once and sends a stream in one burst; PACED sends an event every 5 ms;
// SLOW one every second. A stream has 64 events, or as many as the request's max_tokens says. Paced events hold
// " t=<ns>", the monotonic clock at their writing. GET /__stats tells how much was asked and how many streams are open.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MODES 3 // one port each

static uint64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000ull + t.tv_nsec;
}
typedef struct conn {
    int fd, mode, listener;
    char *in;
    size_t inlen, incap;
    char *out;
    size_t outoff, outlen, outcap;
    int want_out;
    // pacing
    int pacing;
    int chunks_left;
    int first;
    int usage;
    uint64_t due;
    struct conn *nx, *pv;
} conn;
static int ep;
static long n_req, n_stream, n_chunks, n_abort, n_open, n_paced_open;
static uint64_t interval[MODES] = {0, 5000000, 1000000000};
static conn *qh[MODES], *qt[MODES]; // FIFO by due time: one interval per mode => ordered
static char *resp_json;
static size_t resp_json_len;
static char *sse_full[2];
static size_t sse_full_len[2]; // without / with usage chunk, 64 chunks
#define ID "chatcmpl-B9MHDbslfkBeAs8l4bebGdFOJ6PeG"
#define HDR_SSE                                                                                                        \
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nCache-Control: no-cache\r\nx-request-id: "   \
    "req_7c1f0f4ab1f14a5d9b0a3c5f2f0d8d11\r\nopenai-processing-ms: 312\r\nTransfer-Encoding: chunked\r\n\r\n"
static const char *words[] = {" The", " quick", " brown", " fox",     " jumps",    " over",   " the",     " lazy",
                              " dog", ".",      " A",     " gateway", " forwards", " tokens", " quickly", ","};
static void qpush(conn *c) {
    int m = c->mode;
    c->nx = NULL;
    c->pv = qt[m];
    if (qt[m])
        qt[m]->nx = c;
    else
        qh[m] = c;
    qt[m] = c;
}
static void qdel(conn *c) {
    int m = c->mode;
    if (c->pv)
        c->pv->nx = c->nx;
    else
        qh[m] = c->nx;
    if (c->nx)
        c->nx->pv = c->pv;
    else
        qt[m] = c->pv;
    c->nx = c->pv = NULL;
}
static void oput(conn *c, const char *p, size_t n) {
    if (c->outoff == c->outlen) {
        c->outoff = c->outlen = 0;
    }
    if (c->outlen + n > c->outcap) {
        size_t k = c->outcap ? c->outcap : 1024;
        while (k < c->outlen + n)
            k *= 2;
        c->out = realloc(c->out, k);
        c->outcap = k;
    }
    memcpy(c->out + c->outlen, p, n);
    c->outlen += n;
}
static void cclose(conn *c) {
    if (c->pacing) {
        qdel(c);
        n_abort++;
        n_paced_open--;
    }
    close(c->fd);
    n_open--;
    free(c->in);
    free(c->out);
    free(c);
}
static int flushout(conn *c) {
    while (c->outoff < c->outlen) {
        ssize_t r = send(c->fd, c->out + c->outoff, c->outlen - c->outoff, MSG_NOSIGNAL);
        if (r > 0)
            c->outoff += r;
        else if (r < 0 && errno == EINTR)
            continue;
        else if (r < 0 && errno == EAGAIN) {
            if (!c->want_out) {
                struct epoll_event e = {.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP, .data.ptr = c};
                epoll_ctl(ep, EPOLL_CTL_MOD, c->fd, &e);
                c->want_out = 1;
            }
            return 0;
        } else
            return -1;
    }
    if (c->want_out) {
        struct epoll_event e = {.events = EPOLLIN | EPOLLRDHUP, .data.ptr = c};
        epoll_ctl(ep, EPOLL_CTL_MOD, c->fd, &e);
        c->want_out = 0;
    }
    return 0;
}
static int sendnow(conn *c, const char *p, size_t n) { // fast path: direct send of a static buffer
    if (c->outoff == c->outlen && !c->want_out) {
        ssize_t r = send(c->fd, p, n, MSG_NOSIGNAL);
        if (r == (ssize_t)n)
            return 0;
        if (r < 0) {
            if (errno != EAGAIN && errno != EINTR)
                return -1;
            r = 0;
        }
        p += r;
        n -= r;
    }
    oput(c, p, n);
    return flushout(c);
}
static int mkchunk(char *buf, const char *payload, int n) {
    int h = sprintf(buf, "%x\r\n", n);
    memcpy(buf + h, payload, n);
    memcpy(buf + h + n, "\r\n", 2);
    return h + n + 2;
}
static int ev_first(char *p) {
    return sprintf(
        p, "data: {\"id\":\"" ID
           "\",\"object\":\"chat.completion.chunk\",\"created\":1741569952,\"model\":\"gpt-4o-mini-2024-07-18\","
           "\"service_tier\":\"default\",\"system_fingerprint\":\"fp_06737a9306\",\"choices\":[{\"index\":0,\"delta\":{"
           "\"role\":\"assistant\",\"content\":\"\",\"refusal\":null},\"logprobs\":null,\"finish_reason\":null}]}\n\n");
}
static int ev_word(char *p, const char *w, uint64_t t) {
    char s[32] = "";
    if (t)
        sprintf(s, " t=%llu ", (unsigned long long)t);
    return sprintf(p,
                   "data: {\"id\":\"" ID
                   "\",\"object\":\"chat.completion.chunk\",\"created\":1741569952,\"model\":\"gpt-4o-mini-2024-07-"
                   "18\",\"service_tier\":\"default\",\"system_fingerprint\":\"fp_06737a9306\",\"choices\":[{\"index\":"
                   "0,\"delta\":{\"content\":\"%s%s\"},\"logprobs\":null,\"finish_reason\":null}]}\n\n",
                   w, s);
}
static int ev_stop(char *p) {
    return sprintf(p, "data: {\"id\":\"" ID
                      "\",\"object\":\"chat.completion.chunk\",\"created\":1741569952,\"model\":\"gpt-4o-mini-2024-07-"
                      "18\",\"service_tier\":\"default\",\"system_fingerprint\":\"fp_06737a9306\",\"choices\":[{"
                      "\"index\":0,\"delta\":{},\"logprobs\":null,\"finish_reason\":\"stop\"}]}\n\n");
}
static int ev_usage(char *p, int n) {
    return sprintf(
        p,
        "data: {\"id\":\"" ID
        "\",\"object\":\"chat.completion.chunk\",\"created\":1741569952,\"model\":\"gpt-4o-mini-2024-07-18\",\"service_"
        "tier\":\"default\",\"system_fingerprint\":\"fp_06737a9306\",\"choices\":[],\"usage\":{\"prompt_tokens\":212,"
        "\"completion_tokens\":%d,\"total_tokens\":%d,\"prompt_tokens_details\":{\"cached_tokens\":0,\"audio_tokens\":"
        "0},\"completion_tokens_details\":{\"reasoning_tokens\":0,\"audio_tokens\":0,\"accepted_prediction_tokens\":0,"
        "\"rejected_prediction_tokens\":0}}}\n\n",
        n, 212 + n);
}
static int ev_done(char *p) {
    return sprintf(p, "data: [DONE]\n\n");
}
static size_t build_sse(char *o, int n, int usage) {
    char p[2048];
    size_t l = 0;
    memcpy(o, HDR_SSE, sizeof(HDR_SSE) - 1);
    l = sizeof(HDR_SSE) - 1;
    l += mkchunk(o + l, p, ev_first(p));
    for (int i = 0; i < n; i++)
        l += mkchunk(o + l, p, ev_word(p, words[i & 15], 0));
    l += mkchunk(o + l, p, ev_stop(p));
    if (usage)
        l += mkchunk(o + l, p, ev_usage(p, n));
    l += mkchunk(o + l, p, ev_done(p));
    memcpy(o + l, "0\r\n\r\n", 5);
    return l + 5;
}
static int tick_conn(conn *c) { // one paced event; returns -1 on dead, 1 when finished
    char p[2048], b[4096];
    int l = 0;
    if (c->first) {
        c->first = 0;
        l += mkchunk(b + l, p, ev_first(p));
    } else if (c->chunks_left > 0) {
        l += mkchunk(b + l, p, ev_word(p, words[c->chunks_left & 15], now_ns()));
        c->chunks_left--;
        n_chunks++;
    } else {
        l += mkchunk(b + l, p, ev_stop(p));
        if (c->usage)
            l += mkchunk(b + l, p, ev_usage(p, 64));
        l += mkchunk(b + l, p, ev_done(p));
        memcpy(b + l, "0\r\n\r\n", 5);
        l += 5;
        return sendnow(c, b, l) < 0 ? -1 : 1;
    }
    return sendnow(c, b, l);
}
static int handle(conn *c, char *req, size_t hlen, char *body, size_t blen) {
    n_req++;
    char *sp = memchr(req, ' ', hlen);
    if (!sp)
        return -1;
    char *path = sp + 1;
    if (req[0] == 'G') {
        if (!strncmp(path, "/__stats", 8)) {
            char b[256], o[512];
            int m = sprintf(b,
                            "{\"requests\":%ld,\"streams\":%ld,\"paced_chunks\":%ld,\"aborted_streams\":%ld,\"open_"
                            "conns\":%ld,\"open_paced\":%ld}",
                            n_req, n_stream, n_chunks, n_abort, n_open, n_paced_open);
            int n =
                sprintf(o, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", m, b);
            return sendnow(c, o, n);
        }
        static const char h[] =
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 15\r\n\r\n{\"status\":\"ok\"}";
        return sendnow(c, h, sizeof(h) - 1);
    }
    // body flags: look only at head and tail 4 KB each so that a 30 KB body costs the mock little
    size_t hl = blen < 4096 ? blen : 4096, to = blen > 4096 ? blen - 4096 : 0;
    int stream = 0, usage = 0, maxt = 0;
    char *q;
    for (int k = 0; k < 2; k++) {
        char *s = k ? body + to : body;
        size_t n = k ? blen - to : hl;
        if (k && to == 0)
            break;
        if ((q = memmem(s, n, "\"stream\":", 9))) {
            q += 9;
            while (*q == ' ')
                q++;
            if (*q == 't')
                stream = 1;
        }
        if ((q = memmem(s, n, "\"include_usage\":", 16))) {
            q += 16;
            while (*q == ' ')
                q++;
            if (*q == 't')
                usage = 1;
        }
        if ((q = memmem(s, n, "\"max_tokens\":", 13))) {
            maxt = atoi(q + 13);
        }
        if ((q = memmem(s, n, "\"max_completion_tokens\":", 24))) {
            maxt = atoi(q + 24);
        }
    }
    if (maxt < 1 || maxt > 100000)
        maxt = 64;
    if (!stream)
        return sendnow(c, resp_json, resp_json_len);
    n_stream++;
    if (c->mode == 0)
        return sendnow(c, sse_full[usage], sse_full_len[usage]);
    c->pacing = 1;
    n_paced_open++;
    c->chunks_left = maxt;
    c->first = 1;
    c->usage = usage;
    if (sendnow(c, HDR_SSE, sizeof(HDR_SSE) - 1) < 0)
        return -1;
    c->due = now_ns() + interval[c->mode];
    qpush(c);
    return 0;
}
static char *findci(char *h, size_t n, const char *k) {
    size_t kl = strlen(k);
    for (char *p = h; p + kl <= h + n; p++) {
        if (*p == '\n' && p + 1 + kl <= h + n && !strncasecmp(p + 1, k, kl))
            return p + 1 + kl;
    }
    return NULL;
}
static int process(conn *c) {
    for (;;) {
        if (c->pacing || c->inlen == 0)
            return 0;
        char *e = memmem(c->in, c->inlen, "\r\n\r\n", 4);
        if (!e)
            return 0;
        size_t hl = e - c->in + 4;
        size_t total;
        char *body = c->in + hl;
        size_t blen = 0;
        char *cl = findci(c->in, hl, "content-length:");
        char *te = cl ? NULL : findci(c->in, hl, "transfer-encoding:");
        char *ex = findci(c->in, hl, "expect:");
        if (ex && c->inlen == hl) {
            if (send(c->fd, "HTTP/1.1 100 Continue\r\n\r\n", 25, MSG_NOSIGNAL) < 0)
                return -1;
        }
        if (cl) {
            blen = strtoul(cl, NULL, 10);
            total = hl + blen;
            if (c->inlen < total)
                return 0;
        } else if (te) { // chunked request body: decode in place once complete
            char *p = body, *end = c->in + c->inlen;
            char *w = body;
            int ok = 0;
            // first pass: is it complete?
            for (;;) {
                char *nl = memmem(p, end - p, "\r\n", 2);
                if (!nl)
                    break;
                size_t k = strtoul(p, NULL, 16);
                p = nl + 2;
                if (k == 0) {
                    char *f = memmem(p - 2, end - p + 2, "\r\n\r\n", 4);
                    if (f) {
                        p = f + 4;
                        ok = 1;
                    }
                    break;
                }
                if ((size_t)(end - p) < k + 2)
                    break;
                p += k + 2;
            }
            if (!ok)
                return 0;
            total = p - c->in;
            p = body;
            for (;;) {
                char *nl = memmem(p, end - p, "\r\n", 2);
                size_t k = strtoul(p, NULL, 16);
                p = nl + 2;
                if (!k)
                    break;
                memmove(w, p, k);
                w += k;
                p += k + 2;
            }
            blen = w - body;
        } else
            total = hl;
        if (handle(c, c->in, hl, body, blen) < 0)
            return -1;
        memmove(c->in, c->in + total, c->inlen - total);
        c->inlen -= total;
    }
}
static int mklisten(int port) {
    int s = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    int o = 1;
    setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &o, 4);
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(port)};
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(s, (void *)&a, sizeof a) || listen(s, 4096)) {
        perror("bind");
        exit(1);
    }
    return s;
}
int main(int ac, char **av) {
    if (ac != 1 + MODES)
        return 2;
    signal(SIGPIPE, SIG_IGN);
    struct rlimit rl = {65536, 65536};
    setrlimit(RLIMIT_NOFILE, &rl);
    {
        char *b = malloc(4096);
        int n = sprintf(
            b, "{\n  \"id\": \"" ID "\",\n  \"object\": \"chat.completion\",\n  \"created\": 1741569952,\n  \"model\": "
               "\"gpt-4o-mini-2024-07-18\",\n  \"choices\": [\n    {\n      \"index\": 0,\n      \"message\": {\n      "
               "  \"role\": \"assistant\",\n        \"content\": \"A reverse proxy sits in front of one or more "
               "servers and forwards requests to them. For streaming responses it must pass each chunk on as soon as "
               "it arrives, so that the time to the first token stays low; for plain responses it may buffer. The main "
               "costs are parsing, copying, and system calls.\",\n        \"refusal\": null,\n        \"annotations\": "
               "[]\n      },\n      \"logprobs\": null,\n      \"finish_reason\": \"stop\"\n    }\n  ],\n  \"usage\": "
               "{\n    \"prompt_tokens\": 212,\n    \"completion_tokens\": 64,\n    \"total_tokens\": 276,\n    "
               "\"prompt_tokens_details\": {\n      \"cached_tokens\": 0,\n      \"audio_tokens\": 0\n    },\n    "
               "\"completion_tokens_details\": {\n      \"reasoning_tokens\": 0,\n      \"audio_tokens\": 0,\n      "
               "\"accepted_prediction_tokens\": 0,\n      \"rejected_prediction_tokens\": 0\n    }\n  },\n  "
               "\"service_tier\": \"default\",\n  \"system_fingerprint\": \"fp_06737a9306\"\n}\n");
        resp_json = malloc(8192);
        resp_json_len = sprintf(resp_json,
                                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nx-request-id: "
                                "req_7c1f0f4ab1f14a5d9b0a3c5f2f0d8d11\r\nopenai-organization: "
                                "org-mock\r\nopenai-processing-ms: 312\r\nx-ratelimit-limit-requests: "
                                "30000\r\nx-ratelimit-remaining-requests: 29999\r\nx-ratelimit-limit-tokens: "
                                "150000000\r\nx-ratelimit-remaining-tokens: 149999000\r\nContent-Length: %d\r\n\r\n%s",
                                n, b);
    }
    for (int u = 0; u < 2; u++) {
        sse_full[u] = malloc(65536);
        sse_full_len[u] = build_sse(sse_full[u], 64, u);
    }
    ep = epoll_create1(0);
    conn *ls[MODES];
    for (int i = 0; i < MODES; i++) {
        ls[i] = calloc(1, sizeof(conn));
        ls[i]->listener = 1;
        ls[i]->mode = i;
        ls[i]->fd = mklisten(atoi(av[1 + i]));
        struct epoll_event e = {.events = EPOLLIN, .data.ptr = ls[i]};
        epoll_ctl(ep, EPOLL_CTL_ADD, ls[i]->fd, &e);
    }
    struct epoll_event ev[512];
    for (;;) {
        struct timespec ts, *tp = NULL;
        uint64_t nearest = 0;
        for (int m = 1; m < MODES; m++)
            if (qh[m] && (!nearest || qh[m]->due < nearest))
                nearest = qh[m]->due;
        if (nearest) {
            uint64_t t = now_ns();
            uint64_t d = nearest > t ? nearest - t : 0;
            ts.tv_sec = d / 1000000000;
            ts.tv_nsec = d % 1000000000;
            tp = &ts;
        }
        int n = epoll_pwait2(ep, ev, 512, tp, NULL);
        for (int i = 0; i < n; i++) {
            conn *c = ev[i].data.ptr;
            if (c->listener) {
                for (int k = 0; k < 64; k++) {
                    int f = accept4(c->fd, NULL, NULL, SOCK_NONBLOCK);
                    if (f < 0)
                        break;
                    int o = 1;
                    setsockopt(f, IPPROTO_TCP, TCP_NODELAY, &o, 4);
                    conn *x = calloc(1, sizeof(conn));
                    x->fd = f;
                    x->mode = c->mode;
                    n_open++;
                    struct epoll_event e = {.events = EPOLLIN | EPOLLRDHUP, .data.ptr = x};
                    epoll_ctl(ep, EPOLL_CTL_ADD, f, &e);
                }
                continue;
            }
            int dead = 0;
            if (ev[i].events & (EPOLLERR | EPOLLHUP))
                dead = 1;
            if (!dead && (ev[i].events & (EPOLLIN | EPOLLRDHUP))) {
                for (;;) {
                    if (c->incap - c->inlen < 16384) {
                        c->incap = c->incap ? c->incap * 2 : 32768;
                        c->in = realloc(c->in, c->incap + 1);
                    }
                    ssize_t r = recv(c->fd, c->in + c->inlen, c->incap - c->inlen, 0);
                    if (r > 0) {
                        c->inlen += r;
                        c->in[c->inlen] = 0;
                        if ((size_t)r < 16384)
                            break;
                    } else if (r == 0) {
                        dead = 1;
                        break;
                    } else {
                        if (errno == EINTR)
                            continue;
                        if (errno != EAGAIN)
                            dead = 1;
                        break;
                    }
                }
                if (!dead && process(c) < 0)
                    dead = 1;
            }
            if (!dead && (ev[i].events & EPOLLOUT) && flushout(c) < 0)
                dead = 1;
            if (dead)
                cclose(c);
        }
        uint64_t t = now_ns();
        for (int m = 1; m < MODES; m++)
            while (qh[m] && qh[m]->due <= t) {
                conn *c = qh[m];
                qdel(c);
                int r = tick_conn(c);
                if (r == 0) {
                    c->due += interval[m];
                    if (c->due + interval[m] * 4 < t)
                        c->due = t + interval[m]; /* keep order */
                    if (qt[m] && c->due < qt[m]->due)
                        c->due = qt[m]->due;
                    qpush(c);
                } else {
                    c->pacing = 0;
                    n_paced_open--;
                    if (r < 0) {
                        n_abort++;
                        cclose(c);
                    } else if (process(c) < 0)
                        cclose(c);
                }
            }
    }
}
