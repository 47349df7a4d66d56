import type { ProductMessages } from './product-messages.ts'

const perhaps = (meant: string | undefined) => (meant === undefined ? '' : ` Did you mean ${meant}?`)

export const productEn: ProductMessages = {
  about: (name, version) => `call ${name} ${version}`,
  heading: 'Products of the API:',
  usageOfProduct: (product) => `Usage: postern ${product} <Action> [--Parameter value …] [flags]`,
  usageOfAction: (product, action) => `Usage: postern ${product} ${action} [--Parameter value …] [flags]`,
  flagsHelp: [
    'Flags:',
    '  --profile NAME, --region ID, --endpoint HOST:PORT or URL, --ca FILE',
    '  --account ID                    as an account of the deployment on this machine (--state DIRECTORY)',
    '  --access-key-id, --access-key-secret, --sts-token, --ram-role-arn, --role-session-name, --expired-seconds',
    '  --output json | table | text [cols=A,B] [rows=JMESPATH] [num=true]',
    '  --query JMESPATH                print only that part (also --cli-query)',
    '  --waiter expr=JMESPATH to=VALUE [timeout=180] [interval=5]',
    '  --pager [path=JMESPATH]         gather all pages',
    '  --dryrun, --force, --quiet, --help, --lang en|zh',
    'Lists and objects: --Tag.1.Key env --Tag.1.Value test',
  ],
  required: 'required',
  requiredWithin: 'required in its object',
  partial: (note) => `Differs from the public action: ${note}`,
  refused: (note) => `Refused: ${note}`,
  unknownProduct: (product, known) => `there is no product ${product}; the products are ${known.join(', ')}`,
  unknownAction: (action, product, meant) =>
    `${product} has no action ${action}.${perhaps(meant)} postern ${product} --help lists them; --force sends it all the same.`,
  unknownParameter: (name, action, meant) =>
    `${action} has no parameter ${name}.${perhaps(meant && `--${meant}`)} See ${action} --help; --force sends it all the same.`,
  wrongWords: (problem) => {
    switch (problem.kind) {
      case 'no-value':
        return `${problem.name} needs a value. One that starts with dashes is joined with =.`
      case 'twice':
        return `${problem.name} is given twice.`
      case 'extra-word':
        return `'${problem.word}' has no place here: an action is followed by --Parameter value. See --help.`
      case 'bad-field':
        return `--${problem.flag} does not take '${problem.word}'. See --help.`
    }
  },
  badExpression: (expression, reason) => `'${expression}' is no JMESPath expression: ${reason}`,
  apiError: (code, text, requestId) => `${code}: ${text}\n  RequestId: ${requestId}`,
  unreachable: (endpoint, reason) => `${endpoint} cannot be called: ${reason}`,
  waitedInVain: ({ expression, to, timeoutS }, last) =>
    `${expression} was ${last}, not ${to}, after ${timeoutS} s`,
  noEndpoint: (state) =>
    `nothing says where to call: give --endpoint or POSTERN_ENDPOINT, make a profile with postern configure, or start a deployment (there is none in ${state}).`,
  badCa: (file, reason) => `the CA file ${file} cannot be read: ${reason}`,
  whichAccount: (accounts) =>
    accounts.length === 0
      ? 'there is no account yet. Make one with ./postern account create --name NAME.'
      : `say as which account with --account: ${accounts.join(', ')}. Or give a key by profile, environment or flags.`,

  configure: {
    about: 'keep profiles: where to call, and with which key',
    list: 'list the profiles; * marks the current one',
    get: 'print a profile, or fields of it',
    set: 'change a profile by flags, or make it',
    delete: 'remove a profile',
    switch: 'make another profile the current one',
    profile: 'name of the profile',
    field: 'a field of the profile',
    fields: 'mode, access-key-id, access-key-secret, sts-token, ram-role-arn, region, endpoint, ca, …',
  },
  profileColumns: ['PROFILE', 'MODE', 'ACCESS-KEY-ID', 'REGION', 'ENDPOINT'],
  badProfileFile: (file, reason) => `${file} cannot be used: ${reason}`,
  unknownProfile: (name, known) =>
    `there is no profile ${name}${known.length === 0 ? '; postern configure makes one' : `; there are ${known.join(', ')}`}`,
  unknownMode: (mode, known) => `'${mode}' is no mode; the modes are ${known.join(', ')}`,
  unknownField: (name, known) => `a profile has no field ${name}; it has ${known.join(', ')}`,
}
