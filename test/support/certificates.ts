import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openssl } from '../signatures/openssl.ts'

export interface ServerCertificate {
  key: string
  cert: string
}

/** An authority of its own, and what it or nobody vouches for; all of it made by openssl in `folder`. */
export interface Authority {
  /** Path of its certificate, as NODE_EXTRA_CA_CERTS takes it. */
  path: string
  pem: string
  /** `from` and `to` as openssl has them (`YYYYMMDDHHMMSSZ`); left out, from now for some days. */
  issue(name: string, dates?: { from: string; to: string }): ServerCertificate
}

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']

export function certificateAuthority(folder: string): Authority {
  const at = (name: string): string => join(folder, name)
  openssl('req', '-x509', ...KEY, '-days', '30', '-subj', '/CN=Prova', '-keyout', at('ca.key'), '-out', at('ca.pem'))
  let made = 0
  return {
    path: at('ca.pem'),
    pem: readFileSync(at('ca.pem'), 'utf8'),
    issue: (name, dates) => {
      const own = `server-${(made += 1)}`
      openssl('req', ...KEY, '-subj', `/CN=${name}`, '-keyout', at(`${own}.key`), '-out', at(`${own}.csr`))
      writeFileSync(at(`${own}.ext`), `subjectAltName=DNS:${name}`)
      const config = `[ca]
default_ca=own
[own]
database=${at('issued.txt')}
rand_serial=yes
new_certs_dir=${folder}
default_md=sha256
default_days=20
policy=any
unique_subject=no
[any]
commonName=supplied
`
      writeFileSync(at('issued.txt'), '')
      writeFileSync(at('ca.cnf'), config)
      const by = [
        '-config',
        at('ca.cnf'),
        '-cert',
        at('ca.pem'),
        '-keyfile',
        at('ca.key'),
        '-extfile',
        at(`${own}.ext`),
      ]
      const within = dates === undefined ? [] : ['-startdate', dates.from, '-enddate', dates.to]
      openssl('ca', '-batch', '-notext', ...by, ...within, '-in', at(`${own}.csr`), '-out', at(`${own}.pem`))
      return { key: readFileSync(at(`${own}.key`), 'utf8'), cert: readFileSync(at(`${own}.pem`), 'utf8') }
    },
  }
}
