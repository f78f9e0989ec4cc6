/** A certificate with its key, for servers on loopback in tests. Made for this purpose alone; worth nothing anywhere else. */
export interface TlsIdentity {
  readonly cert: string;
  readonly key: string;
  /** SHA-256 of the certificate, colon-separated upper-case hex. */
  readonly fingerprint: string;
}

/** The usual one. */
export const firstIdentity: TlsIdentity = {
  fingerprint: '06:0E:53:4E:23:78:3E:37:5E:07:51:9F:E5:8D:64:ED:F2:96:94:22:3E:FC:92:BB:D9:A9:F5:76:7E:E3:CF:E9',
  cert: `-----BEGIN CERTIFICATE-----
MIIBzTCCAXKgAwIBAgIUUWlxQq1kfMQv336fQ4+7PoZnGCgwCgYIKoZIzj0EAwIw
MjEVMBMGA1UEAwwMbG9vcGJhY2stb25lMRkwFwYDVQQKDBBXaGVlbGhvdXNlIHRl
c3RzMCAXDTI2MTEyMzA2MTE0NVoYDzIxMjYxMDMwMDYxMTQ1WjAyMRUwEwYDVQQD
DAxsb29wYmFjay1vbmUxGTAXBgNVBAoMEFdoZWVsaG91c2UgdGVzdHMwWTATBgcq
hkjOPQIBBggqhkjOPQMBBwNCAAQyGEBNZ1CFkcsm6K61SSNqG7SSyLQ72+1VcYqL
kqY7VbBtiJF41vrkrYNUw3iA+5s8+EANfR2QTGPwLzgH6nPao2QwYjAdBgNVHQ4E
FgQUzbSfpfy5e73jDldB9ksVHG7iu8QwHwYDVR0jBBgwFoAUzbSfpfy5e73jDldB
9ksVHG7iu8QwDwYDVR0TAQH/BAUwAwEB/zAPBgNVHREECDAGhwR/AAABMAoGCCqG
SM49BAMCA0kAMEYCIQD31wQmzmaXGTG9lUECqRgs58iIK+kyKbeVHouTbFVQBgIh
ANHwtCtNsI7H7c21z3Lr8wQBR1cgRijZsbPY11P/hIjV
-----END CERTIFICATE-----
`,
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg6vecFrtN3CvOtVIh
jQ1vKKBws6VSyhuQxFlUMoJAGiChRANCAAQyGEBNZ1CFkcsm6K61SSNqG7SSyLQ7
2+1VcYqLkqY7VbBtiJF41vrkrYNUw3iA+5s8+EANfR2QTGPwLzgH6nPa
-----END PRIVATE KEY-----
`,
};

/** Another one, for servers that present what was not pinned. */
export const secondIdentity: TlsIdentity = {
  fingerprint: '68:03:FF:C4:80:45:A5:B1:78:FA:2E:F1:D0:30:2F:AD:6E:9F:3C:27:5B:E1:EA:A0:8F:BA:1C:20:CC:9E:D8:42',
  cert: `-----BEGIN CERTIFICATE-----
MIIByzCCAXKgAwIBAgIUIJLegbPlqKAm4B41/F+ECqIzZDAwCgYIKoZIzj0EAwIw
MjEVMBMGA1UEAwwMbG9vcGJhY2stdHdvMRkwFwYDVQQKDBBXaGVlbGhvdXNlIHRl
c3RzMCAXDTI2MTEyMzA2MTE0NVoYDzIxMjYxMDMwMDYxMTQ1WjAyMRUwEwYDVQQD
DAxsb29wYmFjay10d28xGTAXBgNVBAoMEFdoZWVsaG91c2UgdGVzdHMwWTATBgcq
hkjOPQIBBggqhkjOPQMBBwNCAASWjYCDJ73i3WRDQo+xEfPiy19UAhllTyRff5Sm
vze5LkgqbPUttqL3qajwORANwER/Axs+DShUy3TnoNDVU6Zlo2QwYjAdBgNVHQ4E
FgQUJO+rsTsfqJI6CRQCQ+KYQ/sYsnwwHwYDVR0jBBgwFoAUJO+rsTsfqJI6CRQC
Q+KYQ/sYsnwwDwYDVR0TAQH/BAUwAwEB/zAPBgNVHREECDAGhwR/AAABMAoGCCqG
SM49BAMCA0cAMEQCIBRKCokboNDVxP/i0s0VV71vnjYV9XoMd+DQfw/5nJXyAiA3
s6IGmeie/jcDC7MA0oNNq1wA0KtkkJZnCc0oKkOqRA==
-----END CERTIFICATE-----
`,
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgiXAcCzB8H10WLYXf
LBLbGqs9Ywp8qiKbB1oztjS7D1uhRANCAASWjYCDJ73i3WRDQo+xEfPiy19UAhll
TyRff5Smvze5LkgqbPUttqL3qajwORANwER/Axs+DShUy3TnoNDVU6Zl
-----END PRIVATE KEY-----
`,
};
