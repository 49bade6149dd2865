import svelte from 'eslint-plugin-svelte'
import globals from 'globals'
import ts from 'typescript-eslint'
import svelteConfig from './svelte.config.js'

export default ts.config(
    { ignores: ['node_modules', 'src/shared/api.gen.ts'] },
    ...ts.configs.strict,
    ...svelte.configs.recommended,
    ...svelte.configs.prettier,
    { languageOptions: { globals: globals.browser } },
    {
        files: ['**/*.svelte', '**/*.svelte.ts'],
        languageOptions: {
            parserOptions: { parser: ts.parser, extraFileExtensions: ['.svelte'], svelteConfig },
        },
    },
    {
        rules: {
            'max-lines': ['error', { max: 260, skipBlankLines: true }],
            'no-console': 'error',
            eqeqeq: 'error',
            'svelte/require-each-key': 'error',
        },
    },
)
