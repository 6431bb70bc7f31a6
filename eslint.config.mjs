import eslint from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import { importX } from 'eslint-plugin-import-x';
import prettier from 'eslint-config-prettier';
import globals from 'globals';
import tseslint from 'typescript-eslint';
import { zones } from './eslint.arrows.mjs';

const root = import.meta.dirname;

/** What runs inside the model, the simulator or a judge: the same inputs must give the same trace, byte for byte. */
const deterministic = ['src/trace', 'src/rules', 'src/kernel', 'src/ndis', 'adapters/**'].map(
  (room) => `${room}/**/*.ts`,
);

/** What the published package runs. */
const shipped = ['src/**/*.ts', 'adapters/**/*.ts', 'step-definitions/**/*.ts'];

export default defineConfig(
  globalIgnores(['dist/', 'reports/', '.tmp/', 'coverage/']),
  eslint.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: root } },
    plugins: { 'import-x': importX },
    settings: {
      'import-x/resolver-next': [createTypeScriptImportResolver({ project: `${root}/tsconfig.json` })],
    },
    rules: {
      'import-x/no-restricted-paths': ['error', { basePath: root, zones }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      // `import('…')` in a type would be an arrow that the zones do not see.
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      eqeqeq: 'error',
      // A routine of a simulated driver is a generator even when it never waits.
      'require-yield': 'off',
    },
  },
  {
    files: deterministic,
    // Another program answers in its own time, and may never: somebody must hold a watch.
    ignores: ['adapters/stdio/**', 'adapters/harness/protocol/clock.ts', 'adapters/harness/agent/process.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...['Date', 'performance', 'setTimeout', 'setInterval', 'setImmediate', 'process'].map((name) => ({
          name,
          message: 'Time and order come from the kernel and the seed.',
        })),
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'Random choices come from the seed.' },
      ],
    },
  },
  {
    // There is a machine a scenario.
    files: ['src/kernel', 'src/ndis', 'adapters/modelled', 'adapters/simulator', 'adapters/emulator'].map(
      (room) => `${room}/**/*.ts`,
    ),
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector:
            'AssignmentExpression[left.type="MemberExpression"] > :matches(ArrowFunctionExpression, FunctionExpression)',
          message:
            'V8 takes a function that is written right into an assignment to a member for one that stays, and keeps what it reaches until a full collection: name it first.',
        },
      ],
    },
  },
  {
    // The package must work where only its runtime dependencies are installed.
    files: shipped,
    rules: {
      'import-x/no-extraneous-dependencies': [
        'error',
        { devDependencies: false, optionalDependencies: true, packageDir: [root] },
      ],
    },
  },
  {
    // A step definition is a sentence: Cucumber awaits it whether or not it has something to await.
    files: ['step-definitions/**/*.ts', 'test/**/*.ts', 'adapters/**/*.ts'],
    rules: { '@typescript-eslint/require-await': 'off' },
  },
  {
    // chai states by property: `expect(x).to.be.true`.
    files: ['test/**/*.ts', 'step-definitions/**/*.ts'],
    rules: { '@typescript-eslint/no-unused-expressions': 'off' },
  },
  {
    files: ['**/*.mjs', '**/*.js'],
    languageOptions: { globals: globals.node },
  },
  {
    files: ['*.js'],
    languageOptions: { sourceType: 'commonjs' },
  },
  {
    files: ['bin/**/*.js'],
    languageOptions: { sourceType: 'commonjs', ecmaVersion: 5 },
    rules: { 'no-var': 'off', '@typescript-eslint/no-require-imports': 'off' },
  },
  prettier,
);
